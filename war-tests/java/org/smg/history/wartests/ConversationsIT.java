package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.unique;
import static org.smg.history.wartests.TestBackend.MEMORY;
import static org.smg.history.wartests.TestBackend.POSTGRES;
import static org.smg.history.wartests.TestBackend.REDIS;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations, their metadata and their list. */
@ServedBy({MEMORY, POSTGRES, REDIS})
class ConversationsIT {

  private final Http http;

  ConversationsIT(ApplicationServer server) {
    http = server.http();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"items\":[]}",
        "{\"items\":null,\"metadata\":null}",
        "{\"metadata\":{},\"unknown\":1}"
      })
  void aConversationNeedsNothing(String body) {
    long now = Instant.now().getEpochSecond();

    JsonNode created = stored(http.post("/v1/conversations", body)).json();

    assertThat(created.fieldNames())
        .toIterable()
        .containsExactly("id", "object", "created_at", "metadata");
    assertThat(created.path("id").textValue()).matches("conv_[0-9a-f]{32}");
    assertThat(created.path("object").textValue()).isEqualTo("conversation");
    assertThat(created.path("created_at").isIntegralNumber()).isTrue();
    assertThat(created.path("created_at").longValue()).isBetween(now - 5, now + 5);
    assertThat(created.path("metadata").toString()).isEqualTo("{}");
    assertThat(http.get("/v1/conversations/" + created.path("id").textValue()).json())
        .isEqualTo(created);
  }

  @Test
  void aConversationIsCreatedWithItsItemsOrNotAtAll() {
    String known = unique("x");
    String created =
        stored(
                http.post(
                    "/v1/conversations",
                    "{\"items\":[{\"type\":\"x\",\"id\":\"%s\"},{\"type\":\"x\"}]}"
                        .formatted(known)))
            .id();
    assertThat(http.get(items(created)).ids()).hasSize(2).endsWith(known);

    String label = unique("label");
    Answer refused =
        http.post(
            "/v1/conversations",
            "{\"metadata\":{\"l\":\"%s\"},\"items\":[{\"id\":\"nowhere\"}]}".formatted(label));

    assertThat(Refusal.of(refused).status()).isEqualTo(404);
    assertThat(http.get("/v1/conversations?metadata[l]=" + label).ids()).isEmpty();
  }

  @Test
  void metadataIsReplacedAsAWhole() {
    String path =
        "/v1/conversations/"
            + stored(http.post("/v1/conversations", "{\"metadata\":{\"a\":\"1\",\"b\":\"2\"}}"))
                .id();

    stored(http.post(path, "{\"metadata\":{\"c\":\"\u00e9 \\u0001 \\\\\",\"\":\"\"}}"));
    assertThat(http.get(path).json().path("metadata").toString())
        .isEqualTo("{\"c\":\"\u00e9 \\u0001 \\\\\",\"\":\"\"}");

    stored(http.post(path, "{\"metadata\":null}"));
    assertThat(http.get(path).json().path("metadata").toString()).isEqualTo("{}");
  }

  @Test
  void anUpdateWithoutMetadataIsRefused() {
    String path = "/v1/conversations/" + Fixtures.conversation(http);

    assertThat(Refusal.of(http.post(path, "{}")))
        .isEqualTo(
            Refusal.invalid(
                400,
                "metadata",
                "missing_required_parameter",
                "Missing required parameter: 'metadata'."));
    assertThat(Refusal.of(http.post(path, null)).param()).isEqualTo("metadata");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|metadata|invalid_type|Invalid type for 'metadata': expected a metadata object, but got"
            + " an array instead.",
        "\"x\"|metadata|invalid_type|Invalid type for 'metadata': expected a metadata object, but"
            + " got a string instead.",
        "{\"k\":1}|metadata.k|invalid_type|Invalid type for 'metadata.k': expected a string, but"
            + " got an integer instead.",
        "{\"k\":null}|metadata.k|invalid_type|Invalid type for 'metadata.k': expected a string,"
            + " but got null instead.",
        "{\"k\":\"\\u0000\"}|metadata.k|invalid_value|Invalid 'metadata.k': the character U+0000 is not allowed.",
        "{\"k\":\"\\ud800\"}|metadata.k|invalid_value|Invalid 'metadata.k': half of a surrogate"
            + " pair is not a character.",
        "{\"\\ud800\":\"v\"}|metadata.?|invalid_value|Invalid 'metadata.?': half of a surrogate"
            + " pair is not a character."
      })
  void metadataIsAnObjectOfStrings(String metadata, String param, String code, String message) {
    String body = "{\"metadata\":%s}".formatted(metadata);
    Refusal expected = Refusal.invalid(400, param, code, message);

    assertThat(Refusal.of(http.post("/v1/conversations", body))).isEqualTo(expected);
    assertThat(Refusal.of(http.post("/v1/conversations/" + Fixtures.conversation(http), body)))
        .isEqualTo(expected);
  }

  @Test
  void metadataHasSixteenEntriesAtMost() {
    stored(http.post("/v1/conversations", metadata(16, 64, 512)));

    assertThat(Refusal.of(http.post("/v1/conversations", metadata(17, 2, 1))))
        .isEqualTo(
            Refusal.invalid(
                400,
                "metadata",
                "object_above_max_properties",
                "Invalid 'metadata': too many properties. Expected an object with at most 16"
                    + " properties, but got an object with 17 properties instead."));
  }

  @Test
  void aKeyHasSixtyFourCharactersAtMostAndAValueFiveHundredTwelve() {
    assertThat(Refusal.of(http.post("/v1/conversations", metadata(1, 65, 1))))
        .isEqualTo(
            Refusal.invalid(
                400,
                "metadata.00" + "k".repeat(63),
                "property_name_above_max_length",
                "Invalid 'metadata': property name too long. Expected a property name with maximum"
                    + " length 64, but got a property name with length 65 instead."));
    assertThat(Refusal.of(http.post("/v1/conversations", metadata(1, 2, 513))))
        .isEqualTo(
            Refusal.invalid(
                400,
                "metadata.00",
                "string_above_max_length",
                "Invalid 'metadata.00': string too long. Expected a string with maximum length"
                    + " 512, but got a string with length 513 instead."));
  }

  @Test
  void aDeletedConversationIsNotFoundAnyMore() {
    String id = Fixtures.conversation(http, List.of("a"));
    String path = "/v1/conversations/" + id;

    assertThat(stored(http.delete(path)).text())
        .isEqualTo(
            "{\"id\":\"%s\",\"object\":\"conversation.deleted\",\"deleted\":true}".formatted(id));

    Refusal gone =
        Refusal.invalid(404, null, null, "Conversation with id '%s' not found.".formatted(id));
    assertThat(Refusal.of(http.delete(path))).isEqualTo(gone);
    assertThat(Refusal.of(http.get(path))).isEqualTo(gone);
    assertThat(Refusal.of(http.post(path, "{\"metadata\":{}}"))).isEqualTo(gone);
    assertThat(Refusal.of(http.get(items(id)))).isEqualTo(gone);
    assertThat(Refusal.of(http.post(items(id), "{\"items\":[{\"type\":\"x\"}]}"))).isEqualTo(gone);
  }

  @Test
  void anUnknownIdIsQuotedAsItWasMeant() {
    assertThat(Refusal.of(http.get("/v1/conversations/%E4%BD%A0%20%3B%22%3C%3F")).message())
        .isEqualTo("Conversation with id '\u4f60 ;\"<?' not found.");
  }

  @Test
  void theListIsFilteredByEveryLabelGiven() {
    String label = unique("label");
    String both = labelled(label, "x");
    String one = labelled(label, "y");

    assertThat(http.get("/v1/conversations?metadata[l]=" + label).ids()).containsExactly(one, both);
    assertThat(http.get("/v1/conversations?metadata%5Bl%5D=" + label + "&order=asc").ids())
        .containsExactly(both, one);
    assertThat(http.get("/v1/conversations?metadata[l]=" + label + "&metadata[m]=x").ids())
        .containsExactly(both);
    assertThat(http.get("/v1/conversations?metadata[l]=" + label + "&metadata[n]=x").ids())
        .isEmpty();
  }

  @Test
  void theListIsPagedInBothDirections() {
    String label = unique("label");
    List<String> ids = IntStream.range(0, 5).mapToObj(i -> labelled(label, "x")).toList();
    String list = "/v1/conversations?order=asc&limit=2&metadata[l]=" + label;

    Answer first = http.get(list);
    Answer second = http.get(list + "&after=" + ids.get(1));
    Answer third = http.get(list + "&after=" + ids.get(3));
    Answer back = http.get(list + "&before=" + ids.get(3));

    assertThat(first.ids()).isEqualTo(ids.subList(0, 2));
    assertThat(second.ids()).isEqualTo(ids.subList(2, 4));
    assertThat(third.ids()).isEqualTo(ids.subList(4, 5));
    assertThat(back.ids()).isEqualTo(ids.subList(1, 3));
    assertThat(List.of(first, second, third, back))
        .extracting(page -> page.json().path("has_more").booleanValue())
        .containsExactly(true, true, false, true);
  }

  @Test
  void theListIsFilteredByWholeSeconds() {
    String label = unique("label");
    String id = labelled(label, "x");
    long created = http.get("/v1/conversations/" + id).json().path("created_at").longValue();
    String list = "/v1/conversations?metadata[l]=" + label;

    assertThat(http.get(list + "&created_after=" + (created - 1)).ids()).containsExactly(id);
    assertThat(http.get(list + "&created_after=" + created).ids()).isEmpty();
    assertThat(http.get(list + "&created_before=" + (created + 1)).ids()).containsExactly(id);
    assertThat(http.get(list + "&created_before=" + created).ids()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit=101|400|limit|integer_above_max_value|Invalid 'limit': integer above maximum value."
            + " Expected a value <= 100, but got 101 instead.",
        "metadata=x|400|metadata|unknown_parameter|Unknown parameter: 'metadata'.",
        "metadat[a]=x|400|metadat[a]|unknown_parameter|Unknown parameter: 'metadat[a]'.",
        "modell=x|400|modell|unknown_parameter|Unknown parameter: 'modell'.",
        "metadata[k]=%00|400|metadata[k]|invalid_value|Invalid 'metadata[k]': the character U+0000 is not"
            + " allowed.",
        "created_after=now|400|created_after|invalid_type|Invalid type for 'created_after':"
            + " expected an integer, but got a string instead.",
        "created_after=%EF%BC%91%EF%BC%90|400|created_after|invalid_type|Invalid type for"
            + " 'created_after': expected an integer, but got a string instead.",
        "created_before=253402300800|400|created_before|invalid_value|Invalid 'created_before':"
            + " expected seconds since 1970, up to the year 9999.",
        "after=nowhere|404|after||No conversation found with id 'nowhere'",
        "before=nowhere|404|before||No conversation found with id 'nowhere'",
        "before=a&after=b|400||mutually_exclusive_parameters|Mutually exclusive parameters: give"
            + " one of 'after' and 'before'."
      })
  void aFaultInTheListsQueryIsNamed(
      String query, int status, String param, String code, String message) {
    assertThat(Refusal.of(http.get("/v1/conversations?" + query)))
        .isEqualTo(Refusal.invalid(status, param, code, message));
  }

  private String labelled(String label, String other) {
    return stored(
            http.post(
                "/v1/conversations",
                "{\"metadata\":{\"l\":\"%s\",\"m\":\"%s\"}}".formatted(label, other)))
        .id();
  }

  private static String metadata(int entries, int keyLength, int valueLength) {
    return IntStream.range(0, entries)
        .mapToObj(
            i ->
                "\"%s\":\"%s\""
                    .formatted(
                        "%02d".formatted(i) + "k".repeat(keyLength - 2), "v".repeat(valueLength)))
        .collect(Collectors.joining(",", "{\"metadata\":{", "}}"));
  }
}
