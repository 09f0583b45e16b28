package org.smg.history.api.gateway;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smg.history.api.error.ApiError;
import org.smg.history.limits.OpenStreams;
import org.smg.history.limits.OpenStreams.Place;
import org.smg.history.security.Callers;
import org.smg.history.security.authentication.KeyLimit;

/** The places that one request takes among the open streams of its key and of its tenant. */
final class StreamPlaces {

  private static final int TOO_MANY_REQUESTS = 429;
  private static final String RETRY_AFTER_SECONDS = "1";

  private final List<Place> taken = new ArrayList<>();

  /**
   * Takes all of them or none. The key is asked first: what it may not have is not taken from the
   * tenant.
   *
   * @return the refusal, if there is no place
   */
  Optional<ApiError> take(OpenStreams streams, Callers callers) {
    KeyLimit own = callers.limit();
    if (own != null
        && own.openStreams() > 0
        && !took(streams.takeOfKey(own.key(), own.openStreams()))) {
      return Optional.of(full("The API key", own.openStreams()));
    }
    if (!took(streams.takeOfTenant(callers.tenant()))) {
      giveBack();
      return Optional.of(full("The tenant", streams.perTenant()));
    }
    return Optional.empty();
  }

  private boolean took(Optional<Place> place) {
    place.ifPresent(taken::add);
    return place.isPresent();
  }

  /** To do so again changes nothing. */
  void giveBack() {
    taken.forEach(Place::giveBack);
  }

  static ApiError full(String who, int most) {
    return new ApiError(
        TOO_MANY_REQUESTS,
        "%s has as many answers of the model server under way as it may: %d.".formatted(who, most),
        null,
        "too_many_streams",
        Map.of(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS));
  }
}
