/**
 * How much a tenant and an API key may send and store. Each server counts in memory, and a request
 * waits for nothing. Requests are counted by each server for itself, so that a fleet of n servers
 * allows n times as much; of stored bytes the servers tell each other in the background.
 */
package org.smg.history.limits;
