/**
 * What happens before the first request: the options and the backend are checked. A start that
 * fails ends the server's process, where the administrator wants that.
 */
package org.smg.history.startup;
