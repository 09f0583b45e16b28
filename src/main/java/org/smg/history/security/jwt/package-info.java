/**
 * Tokens of identity providers: OpenID Connect's JSON Web Tokens, sent as bearer tokens. The only
 * place that touches jose4j, which parses and verifies them; the keys to verify with are fetched
 * and kept here.
 */
package org.smg.history.security.jwt;
