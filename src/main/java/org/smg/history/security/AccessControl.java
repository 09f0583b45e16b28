package org.smg.history.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.smg.history.config.Options;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.apikey.ApiKeys;
import org.smg.history.security.authentication.AnonymousAuthentication;
import org.smg.history.security.authentication.Authentication;
import org.smg.history.security.authentication.BearerAuthentication;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Sender;

/** Decides who is served, as the administrator chose. */
public final class AccessControl {

  private final List<Authentication> authentications;
  private final Access access;

  AccessControl(List<Authentication> authentications, Access access) {
    this.authentications = List.copyOf(authentications);
    this.access = access;
  }

  /**
   * Finds out who makes a request: the first way that knows the kind of credential decides.
   *
   * @throws HistoryFailure.Unauthenticated if it takes a credential, and there is none that counts
   * @throws HistoryFailure.Forbidden if such a request is not served at all
   */
  public Callers admit(Sender sender) {
    return new Callers(identify(sender), access);
  }

  private Identity identify(Sender sender) {
    for (Authentication authentication : authentications) {
      Optional<Identity> identity = authentication.identify(sender);
      if (identity.isPresent()) {
        return identity.get();
      }
    }
    throw new HistoryFailure.Unauthenticated(
        false, "No API key was sent. Expected the header 'Authorization: Bearer hk_…'.");
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
      if (chosen.methods().contains(AuthMethod.API_KEY)) {
        authentications.add(apiKeys(chosen, options));
      }
      return new AccessControl(authentications, chosen.access());
    }

    private static Authentication apiKeys(SecurityOptions chosen, Options options) {
      ApiKeys keys = new ApiKeys(chosen.apiKeysFile());
      if (chosen.apiKeysFile().toString().isEmpty()) {
        options.refuse(ApiKeys.FILE, "is required with history-auth=api-key");
      } else {
        keys.faults().forEach(fault -> options.refuse(ApiKeys.FILE, fault));
      }
      return new BearerAuthentication(
          List.of(keys),
          "Requests need an API key (history-auth=api-key, history-access=%s)"
              .formatted(chosen.access().name().toLowerCase(Locale.ROOT)));
    }
  }
}
