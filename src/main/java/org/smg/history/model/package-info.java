/**
 * What a history is made of, and how it can fail: immutable values that every other package speaks
 * in. They depend on {@code java.*} alone. Payloads are kept as the JSON text that was sent (see
 * {@link org.smg.history.model.JsonText}); only what is filtered, ordered or linked by is a field.
 */
package org.smg.history.model;
