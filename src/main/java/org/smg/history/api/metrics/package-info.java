/**
 * Counts what HTTP does, and shows the figures at {@code /metrics}, outside of the API, where tools
 * look for them. {@link org.smg.history.api.MetricsResource} shows the same ones within it.
 */
package org.smg.history.api.metrics;
