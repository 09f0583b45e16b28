package org.smg.history.security.authentication;

/**
 * The limit that a credential has for itself, beside that of its tenant.
 *
 * @param key names the credential, and is no secret
 */
public record KeyLimit(String key, int requestsPerMinute) {}
