/**
 * Who asks: makes the {@link org.smg.history.model.Caller} of a request. There are no credentials
 * yet, so whoever reaches the port is the same anonymous caller, who sees everything.
 */
package org.smg.history.security;
