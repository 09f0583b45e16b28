/**
 * How many requests a tenant and an API key may send. Each server counts for itself, in memory: a
 * request waits for nothing, and a fleet of n servers allows n times as much.
 */
package org.smg.history.limits;
