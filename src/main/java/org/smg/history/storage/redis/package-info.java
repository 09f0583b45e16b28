/**
 * The backend {@code redis}: history that expires, on one server, behind Sentinel or on a Cluster.
 * Jedis is used nowhere else.
 *
 * <p>The decisions that shape this package:
 *
 * <ul>
 *   <li>Every operation is a Lua script, because Redis runs a script as one step. On one server an
 *       append or a turn is one script (ADR 40).
 *   <li>On a Cluster a script can only touch keys of one slot. The keys of a conversation share a
 *       slot, and the script that runs there commits. What lies in other slots and leads there is
 *       written before, and readers check what they find behind it (ADR 41).
 *   <li>A write gives all keys that it touches the same expiry (ADR 42).
 *   <li>Only failures of Redis and of the connection to it are reported as {@link
 *       org.smg.history.model.HistoryFailure.Unavailable} (ADR 43).
 *   <li>Scripts compare owners, so that a check and the write that depends on it are one step (ADR
 *       84).
 *   <li>The readiness check has a connection of its own (ADR 85).
 * </ul>
 */
package org.smg.history.storage.redis;
