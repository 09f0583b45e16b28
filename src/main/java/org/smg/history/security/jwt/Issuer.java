package org.smg.history.security.jwt;

import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * An identity provider whose tokens count, and what they have to be like.
 *
 * @param url its name, as tokens have it in {@code iss}
 * @param audiences of which a token has to name one
 * @param jwksUrl where its keys are
 * @param tenants for which it may speak; empty for any
 * @param tenantClaim where a token says the tenant
 * @param userClaim where a token says the user
 * @param rolesClaim where a token says the roles
 * @param algorithms of signatures
 */
record Issuer(
    String url,
    List<String> audiences,
    URI jwksUrl,
    Set<String> tenants,
    Claim tenantClaim,
    Claim userClaim,
    Claim rolesClaim,
    List<String> algorithms) {

  boolean speaksFor(String tenant) {
    return tenants.isEmpty() || tenants.contains(tenant);
  }
}
