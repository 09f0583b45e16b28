package org.smg.history.rules;

import java.util.Map;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Metadata;

/** How much of everything is accepted (contract, section 4). */
public final class Limits {

  /** Levels of nesting in a JSON body. */
  public static final int JSON_DEPTH = 100;

  /** Items in one request to create a conversation or to append to one. */
  public static final int ITEMS_PER_REQUEST = 20;

  /** Items in the input, and in the output, of a recorded turn. */
  public static final int ITEMS_PER_TURN = 10_000;

  /** Characters of an id. */
  public static final int ID_LENGTH = 255;

  /** Characters of a field that is filtered by: a model, user, author or safety identifier. */
  public static final int FIELD_LENGTH = 512;

  /** Characters of the comment in feedback. */
  public static final int COMMENT_LENGTH = 10_000;

  /** Entries of a page. */
  public static final int PAGE_SIZE = 100;

  /** Entries of a page where the client does not say. */
  public static final int DEFAULT_PAGE_SIZE = 20;

  /** The control character that is not below U+0020. */
  private static final char DELETE = 0x7F;

  /** What servers take out of a path, also where it is percent-encoded. */
  private static final String SESSION_ID = ";jsessionid=";

  private static final int METADATA_ENTRIES = 16;
  private static final int METADATA_KEY_LENGTH = 64;
  private static final int METADATA_VALUE_LENGTH = 512;

  private Limits() {}

  public static int pageSize(long limit) {
    if (limit > PAGE_SIZE) {
      throw new HistoryFailure.Invalid(
          "limit",
          "integer_above_max_value",
          "Invalid 'limit': integer above maximum value. Expected a value <= %d, but got %d instead."
              .formatted(PAGE_SIZE, limit));
    }
    if (limit < 1) {
      throw new HistoryFailure.Invalid(
          "limit",
          "integer_below_min_value",
          "Invalid 'limit': integer below minimum value. Expected a value >= 1, but got %d instead."
              .formatted(limit));
    }
    return (int) limit;
  }

  /**
   * Refuses an id that is empty or too long, or that could be written and then neither read nor
   * deleted, since not every server lets it through in a path, not even percent-encoded: {@code /},
   * {@code \}, {@code #} and control characters are refused there, {@code ;jsessionid=} is cut out,
   * and dots alone, before a {@code ;} as well, stand for another path. All other ids are reached
   * by their percent-encoded form.
   */
  public static void checkId(String param, String id) {
    if (id.isEmpty()) {
      throw new HistoryFailure.Invalid(
          param, "invalid_value", "Invalid '%s': an id cannot be empty.".formatted(param));
    }
    checkField(param, id, ID_LENGTH);
    if (!isReachable(id)) {
      throw new HistoryFailure.Invalid(
          param,
          "invalid_value",
          ("Invalid '%s': no URL could name this id. An id cannot contain '/', '\\', '#', U+007F"
                  + " or ';jsessionid=', and cannot begin with ';' or consist of dots, alone or"
                  + " before a ';'.")
              .formatted(param));
    }
  }

  private static boolean isReachable(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c == '/' || c == '\\' || c == '#' || c == DELETE) {
        return false;
      }
    }
    int dots = 0;
    while (dots < id.length() && id.charAt(dots) == '.') {
      dots++;
    }
    return dots < id.length() && id.charAt(dots) != ';' && !id.contains(SESSION_ID);
  }

  /**
   * Refuses a text that is too long, or that holds control characters or half of a surrogate pair,
   * which not every backend can compare.
   *
   * @param value may be null
   */
  public static void checkField(String param, String value, int length) {
    if (value == null) {
      return;
    }
    checkText(param, value, length);
    if (value.chars().anyMatch(c -> c < ' ')) {
      throw new HistoryFailure.Invalid(
          param,
          "invalid_value",
          "Invalid '%s': control characters are not allowed.".formatted(param));
    }
  }

  /**
   * Refuses a text that is too long, not valid Unicode, or that holds U+0000, which neither
   * PostgreSQL nor many tools behind a database can take.
   *
   * @param value may be null
   */
  public static void checkText(String param, String value, int length) {
    if (value == null) {
      return;
    }
    if (value.length() > length) {
      throw new HistoryFailure.Invalid(
          param,
          "string_above_max_length",
          ("Invalid '%s': string too long. Expected a string with maximum length %d,"
                  + " but got a string with length %d instead.")
              .formatted(param, length, value.length()));
    }
    if (value.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
      throw new HistoryFailure.Invalid(
          param,
          "invalid_value",
          "Invalid '%s': half of a surrogate pair is not a character.".formatted(param));
    }
    if (value.indexOf('\0') >= 0) {
      throw new HistoryFailure.Invalid(
          param,
          "invalid_value",
          "Invalid '%s': the character U+0000 is not allowed.".formatted(param));
    }
  }

  public static void checkMetadata(Metadata metadata) {
    Map<String, String> entries = metadata.entries();
    if (entries.size() > METADATA_ENTRIES) {
      throw new HistoryFailure.Invalid(
          "metadata",
          "object_above_max_properties",
          ("Invalid 'metadata': too many properties. Expected an object with at most %d properties,"
                  + " but got an object with %d properties instead.")
              .formatted(METADATA_ENTRIES, entries.size()));
    }
    entries.forEach(
        (key, value) -> {
          checkText("metadata", key, METADATA_KEY_LENGTH);
          checkText("metadata." + key, value, METADATA_VALUE_LENGTH);
        });
  }
}
