/**
 * The store contract inside the servers, where a store has the container's CDI, its persistence
 * provider and its pool. Arquillian starts each server, deploys the built WAR with the contract's
 * classes beside it, and runs every test in there.
 */
package org.smg.history.container;
