/**
 * Who asks, and what they may do: credentials become the {@link org.smg.history.model.Caller} of a
 * request. {@link org.smg.history.security.Endpoint} is the table of rights; {@code
 * src/docs/security.md} explains it. Tenant, user and roles come from the credential, never from
 * the rest of the request. Each kind of credential has a room below this package.
 */
package org.smg.history.security;
