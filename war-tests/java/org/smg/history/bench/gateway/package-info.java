/** Measures the gateway: what it adds to a call of the model server, and what open streams cost. */
package org.smg.history.bench.gateway;
