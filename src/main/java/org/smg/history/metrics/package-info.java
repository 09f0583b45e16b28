/**
 * Figures of stores, HTTP, connections and the JVM, and their text for Prometheus. The only place
 * that touches the library which counts. Nothing that a client sends becomes a label, so that the
 * number of series is bounded; {@code src/docs/metrics.md} lists them all.
 */
package org.smg.history.metrics;
