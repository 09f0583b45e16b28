package org.smg.history.limits;

/**
 * What a limit says to one request.
 *
 * @param allowed whether it may be carried out
 * @param limit requests a minute
 * @param remaining how many more could follow at once
 * @param resetNanos after how many nanoseconds without a request as many as ever are allowed
 * @param retryNanos after how many nanoseconds one more is allowed; 0 if this one was
 */
public record Allowance(
    boolean allowed, int limit, long remaining, long resetNanos, long retryNanos) {}
