/**
 * Who asks, and what they may do: credentials become the {@link org.smg.history.model.Caller} of a
 * request. {@link org.smg.history.security.Endpoint} is the table of rights; {@code
 * src/docs/security.md} explains it. Tenant, user and roles come from the credential, never from
 * the rest of the request. The command {@code history-keys}, which makes API keys, uses nothing but
 * this package and Java.
 */
package org.smg.history.security;
