/** A model server in a process of its own, for tests that kill it and for benchmarks. */
package org.smg.history.wartests.model;
