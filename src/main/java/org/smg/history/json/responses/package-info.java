/**
 * The wire format of the Responses API between a caller and a model server: what is sent on of a
 * request, and what is told otherwise in an answer. Everything else stays byte for byte.
 */
package org.smg.history.json.responses;
