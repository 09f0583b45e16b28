package org.smg.history.rules;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Metadata;

/**
 * How much of everything is accepted (api.md, section 6). Lengths are counted in characters, which
 * are Unicode code points: an emoji is one, although Java keeps it as two.
 */
public final class Limits {

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

  /** Objects that one request deletes by a filter, so that it ends in time whatever they hold. */
  public static final int DELETED_BY_REQUEST = 100;

  /** The control character that is not below U+0020. */
  private static final char DELETE = 0x7F;

  /** What servers take out of a path, also where it is percent-encoded. */
  private static final String SESSION_ID = ";jsessionid=";

  private static final int METADATA_ENTRIES = 16;
  private static final int METADATA_KEY_LENGTH = 64;
  private static final int METADATA_VALUE_LENGTH = 512;

  /** 9999-12-31T23:59:59Z, the last second that every backend and client can tell. */
  private static final long LAST_SECOND = 253402300799L;

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

  /** Refuses more elements than the limit. */
  static void checkCount(String param, int count, int most) {
    if (count > most) {
      throw new HistoryFailure.Invalid(
          param,
          "array_above_max_length",
          ("Invalid '%s': array too long. Expected an array with maximum length %d,"
                  + " but got an array with length %d instead.")
              .formatted(param, most, count));
    }
  }

  /**
   * Reads a time.
   *
   * @param seconds since 1970, with or without a fraction
   */
  static Instant instant(String param, double seconds) {
    if (!(seconds >= 0 && seconds <= LAST_SECOND)) {
      throw new HistoryFailure.Invalid(
          param,
          "invalid_value",
          "Invalid '%s': expected seconds since 1970, up to the year 9999.".formatted(param));
    }
    return Instant.EPOCH.plus(Math.round(seconds * 1e6), ChronoUnit.MICROS);
  }

  /**
   * Refuses an id that is empty or too long, or that could be written and then neither read nor
   * deleted, since not every server lets it through in a path, not even percent-encoded: {@code /},
   * {@code \}, {@code #}, {@code :} and control characters are refused there, {@code ;jsessionid=}
   * is cut out, and dots alone, before a {@code ;} as well, stand for another path. All other ids
   * are reached by their percent-encoded form.
   */
  public static void checkId(String param, String id) {
    if (id.isEmpty()) {
      throw new HistoryFailure.Invalid(
          param, "invalid_value", "Invalid '%s': an id cannot be empty.".formatted(param));
    }
    checkText(param, id, ID_LENGTH);
    checkNoControls(param, id);
    if (!isReachable(id)) {
      throw new HistoryFailure.Invalid(
          param,
          "invalid_value",
          ("Invalid '%s': no URL could name this id. An id cannot contain '/', '\\', '#', ':',"
                  + " U+007F or ';jsessionid=', and cannot begin with ';' or consist of dots, alone or"
                  + " before a ';'.")
              .formatted(param));
    }
  }

  private static boolean isReachable(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c == '/' || c == '\\' || c == '#' || c == ':' || c == DELETE) {
        return false;
      }
    }
    int dots = 0;
    while (dots < id.length() && id.charAt(dots) == '.') {
      dots++;
    }
    return dots < id.length() && id.charAt(dots) != ';' && !id.contains(SESSION_ID);
  }

  /** Refuses a type that is empty, too long or not comparable. */
  static void checkType(String param, String type) {
    if (type.isEmpty()) {
      throw new HistoryFailure.Invalid(
          param, "invalid_value", "Invalid '%s': a type cannot be empty.".formatted(param));
    }
    checkField(param, type);
  }

  /**
   * Refuses the text of a field that is filtered by where it is too long, or holds control
   * characters or half of a surrogate pair, which not every backend can compare.
   *
   * @param value may be null
   */
  public static void checkField(String param, String value) {
    if (value == null) {
      return;
    }
    checkText(param, value, FIELD_LENGTH);
    checkNoControls(param, value);
  }

  private static void checkNoControls(String param, String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < ' ') {
        throw new HistoryFailure.Invalid(
            param,
            "invalid_value",
            "Invalid '%s': control characters are not allowed.".formatted(param));
      }
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
    if (isLonger(value, length)) {
      throw new HistoryFailure.Invalid(
          param,
          "string_above_max_length",
          ("Invalid '%s': string too long. Expected a string with maximum length %d,"
                  + " but got a string with length %d instead.")
              .formatted(param, length, characters(value)));
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
          String param = "metadata." + key;
          if (isLonger(key, METADATA_KEY_LENGTH)) {
            throw new HistoryFailure.Invalid(
                param,
                "property_name_above_max_length",
                ("Invalid 'metadata': property name too long. Expected a property name with maximum"
                        + " length %d, but got a property name with length %d instead.")
                    .formatted(METADATA_KEY_LENGTH, characters(key)));
          }
          checkText(param, key, METADATA_KEY_LENGTH);
          checkText(param, value, METADATA_VALUE_LENGTH);
        });
  }

  private static boolean isLonger(String value, int length) {
    return value.length() > length && characters(value) > length;
  }

  private static int characters(String value) {
    return value.codePointCount(0, value.length());
  }
}
