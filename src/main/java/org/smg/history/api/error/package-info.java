/**
 * The only place that turns a failure into a status code and OpenAI's error object, and tells the
 * log of what failed and what was refused.
 */
package org.smg.history.api.error;
