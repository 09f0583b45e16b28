package org.smg.history.security.authentication;

import java.util.List;
import java.util.Optional;
import org.smg.history.model.HistoryFailure;

/**
 * Serves requests with a bearer token (RFC 6750, section 2.1).
 *
 * @param credentials the kinds of tokens that count
 * @param description for administrators
 */
public record BearerAuthentication(List<Credentials> credentials, String description)
    implements Authentication {

  private static final String SCHEME = "Bearer ";

  public BearerAuthentication {
    credentials = List.copyOf(credentials);
  }

  @Override
  public Optional<Identity> identify(Sender sender) {
    List<String> sent = sender.headers("Authorization");
    if (sent.isEmpty()) {
      return Optional.empty();
    }
    String header = sent.get(0);
    if (sent.size() == 1 && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      String token = header.substring(SCHEME.length()).strip();
      for (Credentials kind : credentials) {
        Optional<Identity> identity = kind.identify(token);
        if (identity.isPresent()) {
          return identity;
        }
      }
    }
    throw new HistoryFailure.Unauthenticated(
        true,
        "Incorrect API key. Expected one header 'Authorization: Bearer hk_…' with a key that is"
            + " neither expired nor revoked.");
  }

  @Override
  public String describe() {
    return description;
  }
}
