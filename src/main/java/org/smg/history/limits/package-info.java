/**
 * How much a tenant and an API key may send, store and have under way. Each server counts in
 * memory, and a request waits for nothing. Requests and open streams are counted by each server for
 * itself, so that a fleet of n servers allows n times as much; of stored bytes the servers tell
 * each other in the background.
 */
package org.smg.history.limits;
