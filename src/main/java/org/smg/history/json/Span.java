package org.smg.history.json;

/**
 * A stretch of a body, in bytes.
 *
 * @param from the first byte inside
 * @param to the first byte outside
 */
public record Span(int from, int to) {}
