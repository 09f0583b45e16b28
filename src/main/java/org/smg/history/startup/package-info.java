/** What happens before the first request: the options and the backend are checked. */
package org.smg.history.startup;
