/**
 * What MicroProfile Health shows under {@code /health}: this server is ready while the selected
 * backend answers. On servers without MicroProfile nobody asks, and nothing here runs.
 */
package org.smg.history.health;
