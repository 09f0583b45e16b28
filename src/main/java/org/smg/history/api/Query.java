package org.smg.history.api;

import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.smg.history.json.EnumNames;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.TimeRange;
import org.smg.history.rules.Limits;
import org.smg.history.rules.Window;

/** The query of a URL, read as api.md, sections 1.3 and 3, says. */
final class Query {

  private static final List<String> INCLUDES =
      List.of(
          "file_search_call.results",
          "web_search_call.results",
          "web_search_call.action.sources",
          "message.input_image.image_url",
          "computer_call_output.output.image_url",
          "code_interpreter_call.outputs",
          "reasoning.encrypted_content",
          "message.output_text.logprobs");

  private static final String METADATA_BEGIN = "metadata[";
  private static final String METADATA_END = "]";

  /** 9999-12-31T23:59:59Z. */
  private static final long LAST_SECOND = 253402300799L;

  private final MultivaluedMap<String, String> parameters;

  Query(MultivaluedMap<String, String> parameters) {
    this.parameters = parameters;
    parameters.forEach(
        (name, values) -> {
          Limits.checkText("query", name, Integer.MAX_VALUE);
          values.forEach(value -> Limits.checkText(name, value, Integer.MAX_VALUE));
        });
  }

  /**
   * Refuses every parameter but the given ones and, where it is among them, {@code metadata[…]}.
   */
  Query allowOnly(String... names) {
    return allowOnly("", names);
  }

  private Query allowOnly(String hint, String... names) {
    Set<String> allowed = Set.of(names);
    for (String name : parameters.keySet()) {
      if (!allowed.contains(isMetadata(name) ? "metadata" : name) || name.equals("metadata")) {
        throw new HistoryFailure.Invalid(
            name, "unknown_parameter", "Unknown parameter: '%s'. %s".formatted(name, hint).strip());
      }
    }
    return this;
  }

  /**
   * Refuses everything but exactly one of the given parameters, once and with a value. What a
   * deletion reaches is never left to be guessed.
   *
   * @param names as {@link #allowOnly} takes them
   */
  Query allowExactlyOne(String... names) {
    String expected =
        "Expected exactly one of: %s."
            .formatted(
                Stream.of(names)
                    .map(name -> name.equals("metadata") ? "'metadata[key]'" : "'" + name + "'")
                    .collect(Collectors.joining(", ")));
    allowOnly(expected, names);
    if (parameters.isEmpty()) {
      throw new HistoryFailure.Invalid(
          null, "missing_required_parameter", "Missing required parameter. " + expected);
    }
    if (parameters.size() > 1) {
      throw new HistoryFailure.Invalid(
          null, "mutually_exclusive_parameters", "Mutually exclusive parameters. " + expected);
    }
    parameters.forEach(
        (name, values) -> {
          if (single(name, values).isEmpty()) {
            throw new HistoryFailure.Invalid(
                name, "invalid_value", "Invalid '%s': the value cannot be empty.".formatted(name));
          }
        });
    return this;
  }

  /** The value of a parameter, or null. A parameter that is given more than once is refused. */
  String text(String name) {
    List<String> values = parameters.get(name);
    return values == null ? null : single(name, values);
  }

  <E extends Enum<E>> E word(String name, Class<E> type) {
    String word = text(name);
    return word == null ? null : EnumNames.read(type, name, word);
  }

  /** The same where not all constants are allowed. */
  <E extends Enum<E>> E word(String name, List<E> allowed) {
    String word = text(name);
    return word == null ? null : EnumNames.read(allowed, name, word);
  }

  /** The page that is asked for, newest first unless asked otherwise. */
  Window window() {
    return new Window(limit(), order(), text("after"), text("before"));
  }

  int limit() {
    Long limit = wholeNumber("limit");
    return limit == null ? Limits.DEFAULT_PAGE_SIZE : Limits.pageSize(limit);
  }

  private Order order() {
    Order order = word("order", Order.class);
    return order == null ? Order.DESC : order;
  }

  /**
   * The times from {@code created_after} to {@code created_before}, both exclusive, in whole
   * seconds as answers show them.
   */
  TimeRange created() {
    Long after = second("created_after");
    Long before = second("created_before");
    return new TimeRange(
        after == null ? null : Instant.ofEpochSecond(after + 1),
        before == null ? null : Instant.ofEpochSecond(before));
  }

  Metadata metadata() {
    Map<String, String> wanted = new LinkedHashMap<>();
    parameters.forEach(
        (name, values) -> {
          if (isMetadata(name)) {
            wanted.put(
                name.substring(METADATA_BEGIN.length(), name.length() - METADATA_END.length()),
                single(name, values));
          }
        });
    return new Metadata(wanted);
  }

  /** Refuses values that OpenAI does not know. Others have no effect: nothing is hidden here. */
  Query checkInclude() {
    List<String> wanted = new ArrayList<>(parameters.getOrDefault("include[]", List.of()));
    wanted.addAll(parameters.getOrDefault("include", List.of()));
    for (int i = 0; i < wanted.size(); i++) {
      if (!INCLUDES.contains(wanted.get(i))) {
        throw new HistoryFailure.Invalid(
            "include[%d]".formatted(i),
            "invalid_value",
            "Invalid value: '%s'. Supported values are: %s."
                .formatted(wanted.get(i), EnumNames.supported(INCLUDES)));
      }
    }
    return this;
  }

  private static String single(String name, List<String> values) {
    if (values.size() > 1) {
      throw new HistoryFailure.Invalid(
          name,
          "invalid_value",
          "Invalid '%s': the parameter is given more than once.".formatted(name));
    }
    return values.get(0);
  }

  private static boolean isMetadata(String name) {
    return name.startsWith(METADATA_BEGIN) && name.endsWith(METADATA_END);
  }

  private Long second(String name) {
    Long second = wholeNumber(name);
    if (second != null && (second < 0 || second > LAST_SECOND)) {
      throw new HistoryFailure.Invalid(
          name,
          "invalid_value",
          "Invalid '%s': expected seconds since 1970, up to the year 9999.".formatted(name));
    }
    return second;
  }

  private Long wholeNumber(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    if (isInteger(text)) {
      try {
        return Long.valueOf(text);
      } catch (NumberFormatException tooManyDigits) {
        // Refused like a text that is no number.
      }
    }
    throw new HistoryFailure.Invalid(
        name,
        "invalid_type",
        "Invalid type for '%s': expected an integer, but got a string instead.".formatted(name));
  }

  /** ASCII digits alone; Java would take the digits of every script. */
  private static boolean isInteger(String text) {
    int start = text.startsWith("-") ? 1 : 0;
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return text.length() > start;
  }
}
