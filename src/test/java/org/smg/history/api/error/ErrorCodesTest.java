package org.smg.history.api.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.smg.history.api.ApiDescription;
import tools.jackson.databind.JsonNode;

class ErrorCodesTest {

  private static final Pattern CODE = Pattern.compile("`([a-z]+(?:_[a-z]+)+)`");

  /** Words of the same form in the descriptions of errors. */
  private static final Set<String> OTHER_WORDS = Set.of("insufficient_quota");

  @Test
  void theCodesAreThoseThatTheDescriptionSays() {
    Set<String> described = new TreeSet<>(Set.of("method_not_supported"));
    for (JsonNode response : ApiDescription.read().root().node().at("/components/responses")) {
      if (response.at("/content/application~1json/schema/$ref").asString("").endsWith("/Error")) {
        described.addAll(
            CODE.matcher(response.path("description").asString(""))
                .results()
                .map((MatchResult code) -> code.group(1))
                .collect(Collectors.toSet()));
      }
    }
    described.removeAll(OTHER_WORDS);

    assertThat(Stream.concat(ErrorCodes.FAULTS.stream(), ErrorCodes.REFUSALS.stream()))
        .containsExactlyInAnyOrderElementsOf(described);
  }
}
