/** The only place that turns a failure into a status code and OpenAI's error object. */
package org.smg.history.api.error;
