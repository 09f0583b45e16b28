package org.smg.history.security.authentication;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.smg.history.model.HistoryFailure;

/**
 * Serves requests with a bearer token (RFC 6750, section 2.1).
 *
 * @param credentials the kinds of tokens that count
 * @param options for administrators: the options that decide what counts
 */
public record BearerAuthentication(List<Credentials> credentials, String options)
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
        "Incorrect credential. Expected one header 'Authorization: Bearer …' with %s that is neither"
                .formatted(kinds())
            + " expired nor revoked.");
  }

  @Override
  public boolean isBroughtByBrowsers() {
    return false;
  }

  @Override
  public String expected() {
    return "the header 'Authorization: Bearer …' with " + kinds();
  }

  @Override
  public String describe() {
    return "Requests need %s (%s)".formatted(kinds(), options);
  }

  private String kinds() {
    return credentials.stream().map(Credentials::kind).collect(Collectors.joining(" or "));
  }
}
