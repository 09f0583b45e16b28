package org.smg.history.metrics;

/**
 * All figures in one of the formats that Prometheus reads.
 *
 * @param contentType of HTTP, with the format's version
 */
public record Exposition(String contentType, byte[] text) {}
