package org.smg.history.api;

/**
 * The body of a request, whole and no larger than the configured limit; empty if there was none.
 *
 * @param bytes as they came
 */
public record RequestBody(byte[] bytes) {}
