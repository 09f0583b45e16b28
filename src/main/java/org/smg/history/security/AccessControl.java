package org.smg.history.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.smg.history.config.Options;
import org.smg.history.config.Settings;
import org.smg.history.log.EventLog;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.apikey.ApiKeys;
import org.smg.history.security.authentication.AnonymousAuthentication;
import org.smg.history.security.authentication.Authentication;
import org.smg.history.security.authentication.BearerAuthentication;
import org.smg.history.security.authentication.Credentials;
import org.smg.history.security.authentication.CrossSite;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Role;
import org.smg.history.security.authentication.Sender;
import org.smg.history.security.container.ContainerAuthentication;
import org.smg.history.security.jwt.JsonWebTokens;
import org.smg.history.security.proxy.ProxyAuthentication;

/** Decides who is served, as the administrator chose. */
public final class AccessControl {

  private final List<Authentication> authentications;
  private final Access access;
  private final boolean needsCredential;
  private final CrossSite crossSite;
  private final EventLog log;

  AccessControl(
      List<Authentication> authentications,
      Access access,
      boolean needsCredential,
      CrossSite crossSite,
      EventLog log) {
    this.authentications = List.copyOf(authentications);
    this.access = access;
    this.needsCredential = needsCredential;
    this.crossSite = crossSite;
    this.log = log;
  }

  /**
   * Finds out who makes a request: the first way that knows the kind of credential decides.
   *
   * @throws HistoryFailure.Unauthenticated if it takes a credential, and there is none that counts
   * @throws HistoryFailure.Forbidden if such a request is not served at all, a page of another site
   *     made it, or the caller has no role
   */
  public Callers admit(Sender sender) {
    Identity identity = identify(sender);
    if (identity.roles().isEmpty()) {
      throw new HistoryFailure.Forbidden(
          "insufficient_permissions",
          "Your credential has none of the roles of this service. Expected one of: %s."
              .formatted(Role.words()));
    }
    return new Callers(identity, access, log);
  }

  /**
   * Lets a request have files that hold nothing of the history. No credential is asked for; but
   * where none is needed at all, the same senders are served as otherwise.
   *
   * @throws HistoryFailure.Forbidden if requests of this sender are not served at all
   */
  public void admitToFiles(Sender sender) {
    if (!needsCredential) {
      identify(sender);
    }
  }

  /** Whether no request is ever asked for a credential, so that one it brings is not for us. */
  public boolean ignoresCredentials() {
    return !needsCredential && authentications.size() == 1;
  }

  private Identity identify(Sender sender) {
    for (Authentication authentication : authentications) {
      if (authentication.isBroughtByBrowsers()) {
        crossSite.refuse(sender);
      }
      Optional<Identity> identity = authentication.identify(sender);
      if (identity.isPresent()) {
        return identity.get();
      }
    }
    throw new HistoryFailure.Unauthenticated(
        false,
        authentications.stream()
            .map(Authentication::expected)
            .collect(Collectors.joining(", or ", "No credential was sent. Expected ", ".")));
  }

  /** How many requests claimed to come from a trusted proxy, and did not. */
  public long ignored() {
    return authentications.stream().mapToLong(Authentication::ignored).sum();
  }

  /** For administrators: which requests are served. */
  public String describe() {
    return authentications.stream().map(Authentication::describe).collect(Collectors.joining("; "));
  }

  /** Makes it from the options, whose faults are told with all others. */
  @ApplicationScoped
  public static class Selection {

    @Produces
    @Singleton
    AccessControl selected(Options options) {
      SecurityOptions chosen = SecurityOptions.read(options);
      List<Authentication> authentications = new ArrayList<>();
      if (chosen.methods().contains(AuthMethod.NONE)) {
        authentications.add(new AnonymousAuthentication(chosen.allowAnonymous()));
      }
      List<Credentials> tokens = new ArrayList<>();
      if (chosen.methods().contains(AuthMethod.API_KEY)) {
        tokens.add(apiKeys(chosen, options));
      }
      if (chosen.methods().contains(AuthMethod.JWT)) {
        tokens.add(JsonWebTokens.read(options));
      }
      // Whoever a trusted proxy speaks for, a credential that it passes on need not be one of ours.
      if (chosen.methods().contains(AuthMethod.PROXY)) {
        authentications.add(ProxyAuthentication.read(options, chosen.methods().size() == 1));
      } else {
        ProxyAuthentication.refuse(options);
      }
      // It passes bearer tokens on. It is asked before them because the server has to answer a
      // request that has no credential: only the server knows what its login asks for.
      if (chosen.methods().contains(AuthMethod.CONTAINER)) {
        authentications.add(ContainerAuthentication.read(options, !tokens.isEmpty()));
      }
      if (!tokens.isEmpty()) {
        authentications.add(new BearerAuthentication(tokens, chosen.describe()));
      }
      return new AccessControl(
          authentications,
          chosen.access(),
          !chosen.methods().contains(AuthMethod.NONE),
          new CrossSite(new Settings(options).corsOrigins()),
          new EventLog(options));
    }

    private static Credentials apiKeys(SecurityOptions chosen, Options options) {
      ApiKeys keys = new ApiKeys(chosen.apiKeysFile(), new EventLog(options));
      if (chosen.apiKeysFile().toString().isEmpty()) {
        options.refuse(ApiKeys.FILE, "is required with history-auth=api-key");
      } else {
        keys.faults().forEach(fault -> options.refuse(ApiKeys.FILE, fault));
      }
      return keys;
    }
  }
}
