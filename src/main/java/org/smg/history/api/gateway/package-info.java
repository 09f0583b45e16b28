/**
 * The callers' side of the gateway: what a model server answers is taken from JAX-RS, which would
 * hold a thread for each stream, and written through the servlet's asynchronous output.
 */
package org.smg.history.api.gateway;
