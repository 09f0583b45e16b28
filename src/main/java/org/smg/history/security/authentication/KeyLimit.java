package org.smg.history.security.authentication;

/**
 * The limits that a credential has for itself, beside those of its tenant.
 *
 * @param key names the credential, and is no secret
 * @param requestsPerMinute 0 for no limit
 * @param storedMegabytes 0 for no limit
 * @param openStreams answers of the model server at once; 0 for no limit
 */
public record KeyLimit(String key, int requestsPerMinute, int storedMegabytes, int openStreams) {}
