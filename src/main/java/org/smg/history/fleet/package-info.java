/**
 * What servers that share a backend do for each other: each keeps a lease there while it runs, and
 * ends the runs of those that have none any more (ADR 128).
 */
package org.smg.history.fleet;
