package org.smg.history.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import org.smg.history.config.Options;
import org.smg.history.model.HistoryFailure;

/** Decides who is served, as the administrator chose. */
public final class AccessControl {

  private final Authentication authentication;
  private final Access access;

  AccessControl(Authentication authentication, Access access) {
    this.authentication = authentication;
    this.access = access;
  }

  /**
   * Finds out who makes a request.
   *
   * @throws HistoryFailure.Unauthenticated if it takes a credential, and there is none that counts
   * @throws HistoryFailure.Forbidden if such a request is not served at all
   */
  public Callers admit(Sender sender) {
    return new Callers(authentication.identify(sender), access);
  }

  /** For administrators: which requests are served. */
  public String describe() {
    return authentication.describe();
  }

  /** Makes it from the options, whose faults are told with all others. */
  @ApplicationScoped
  public static class Selection {

    @Produces
    @Singleton
    AccessControl selected(Options options) {
      SecurityOptions chosen = SecurityOptions.read(options);
      return new AccessControl(authentication(chosen, options), chosen.access());
    }

    private static Authentication authentication(SecurityOptions chosen, Options options) {
      if (!chosen.apiKey()) {
        return new AnonymousAuthentication(chosen.allowAnonymous());
      }
      ApiKeys keys = new ApiKeys(chosen.apiKeysFile());
      if (chosen.apiKeysFile().toString().isEmpty()) {
        options.refuse(SecurityOptions.API_KEYS_FILE, "is required with history-auth=api-key");
      } else {
        keys.faults().forEach(fault -> options.refuse(SecurityOptions.API_KEYS_FILE, fault));
      }
      return new BearerAuthentication(
          List.of(keys),
          "Requests need an API key (history-auth=api-key, history-access=%s)"
              .formatted(chosen.access().name().toLowerCase(Locale.ROOT)));
    }
  }
}
