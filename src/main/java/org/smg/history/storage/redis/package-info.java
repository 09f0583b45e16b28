/**
 * The backend {@code redis}: history that expires, on one server, behind Sentinel or on a Cluster.
 * Jedis is used here and below alone.
 *
 * <p>The decisions that shape this package:
 *
 * <ul>
 *   <li>A conversation and the responses that were made in it are in one slot, and a turn is one
 *       Lua script, because Redis runs a script as one step. What lies in other slots and leads
 *       there means nothing until the turn is there, and readers check it (ADR 97).
 *   <li>A run is stored as a turn is, and its server notes it before it begins (ADR 126).
 *   <li>Values are text with names and a version (ADR 98).
 *   <li>The lists of a tenant are ranges of one index (ADR 99).
 *   <li>A write gives all keys that it touches the same expiry (ADR 42); after a change of the
 *       retention a walk over all keys does (ADR 120).
 *   <li>What is due by the stored time is not there, whatever its keys say (ADR 118).
 *   <li>Only failures of Redis and of the connection to it are reported as {@link
 *       org.smg.history.model.HistoryFailure.Unavailable} (ADR 43).
 *   <li>Scripts compare owners, so that a check and the write that depends on it are one step (ADR
 *       84).
 *   <li>The readiness check has a connection of its own (ADR 85).
 * </ul>
 */
package org.smg.history.storage.redis;
