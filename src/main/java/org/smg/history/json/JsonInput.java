package org.smg.history.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/**
 * A request body, read once from front to back. The reader always stands on one value: the whole
 * body at first, then wherever {@link #nextMember} and {@link #nextElement} go. What is not JSON,
 * not UTF-8, too deep or of the wrong type is refused with a failure that names its place.
 */
public final class JsonInput {

  /** Levels of nesting; what is deeper could exhaust the stacks of those who read it back. */
  static final int DEPTH = 100;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH)
                  // The size of the body bounds the rest.
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final byte[] body;
  private final JsonParser parser;
  private final boolean namesAreMasked;
  private int memberStart;

  /**
   * @param body UTF-8; a body of nothing counts as an empty object
   */
  public JsonInput(byte[] body) {
    this.body = body.length == 0 ? new byte[] {'{', '}'} : body;
    checkEncoding(this.body);
    byte[] masked = LoneSurrogates.maskedInNames(this.body);
    this.namesAreMasked = masked != this.body;
    this.parser = JSON.createParser(ObjectReadContext.empty(), masked);
    if (next() == null) {
      throw notJson("there is no value");
    }
  }

  /** Jackson guesses UTF-16 and UTF-32 from zero bytes, and lets some broken UTF-8 pass. */
  private static void checkEncoding(byte[] body) {
    int ascii = 0;
    while (ascii < body.length && body[ascii] > 0) {
      ascii++;
    }
    if (ascii == body.length) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(body, ascii, body.length - ascii);
    CharBuffer characters = CharBuffer.allocate(1024);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result;
    do {
      result = decoder.decode(bytes, characters.clear(), true);
      if (result.isError()) {
        throw notJson("the body is not UTF-8");
      }
    } while (result.isOverflow());
    for (int i = ascii; i < body.length; i++) {
      if (body[i] == 0) {
        throw notJson("the body holds a zero byte");
      }
    }
    if (body.length >= 3 && (body[0] & 0xFF) == 0xEF && (body[1] & 0xFF) == 0xBB) {
      throw notJson("the body begins with a byte order mark");
    }
  }

  public byte[] body() {
    return body;
  }

  /** Enters the object that the reader stands on. */
  public void enterObject() {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw wrongType("an object");
    }
  }

  /** Enters the array that the reader stands on. */
  public void enterArray() {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw wrongType("an array");
    }
  }

  /**
   * Goes to the value of the object's next member.
   *
   * @return the member's name, or null at the object's end
   */
  public String nextMember() {
    if (next() == JsonToken.END_OBJECT) {
      return null;
    }
    memberStart = start();
    String name = parser.currentName();
    next();
    return name(name);
  }

  private String name(String parsed) {
    return namesAreMasked ? LoneSurrogates.unmasked(parsed) : parsed;
  }

  /** Goes to the array's next element; false at the array's end. */
  public boolean nextElement() {
    return next() != JsonToken.END_ARRAY;
  }

  /** Refuses whatever follows the body's value. */
  public void end() {
    if (next() != null) {
      throw notJson("there is more than one value");
    }
  }

  /** Where the name begins of the member that the reader stands on. */
  public int memberStart() {
    return memberStart;
  }

  /** Where the value begins that the reader stands on. */
  public int start() {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  /** Where the value ends that was read last. */
  public int valueEnd() {
    return (int) parser.currentLocation().getByteOffset();
  }

  /** Passes over the value, however deep it is. */
  public Span skip() {
    int from = start();
    return read(
        () -> {
          parser.skipChildren();
          parser.finishToken();
          return new Span(from, valueEnd());
        });
  }

  /** Passes over the value, and gives it as it stands in the body. */
  String raw() {
    return raw(skip());
  }

  /** What stands there in the body. */
  public String raw(Span span) {
    return new String(body, span.from(), span.to() - span.from(), StandardCharsets.UTF_8);
  }

  public boolean atNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  public boolean atString() {
    return parser.currentToken() == JsonToken.VALUE_STRING;
  }

  public boolean atObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  public boolean atArray() {
    return parser.currentToken() == JsonToken.START_ARRAY;
  }

  public String string() {
    if (!atString()) {
      throw wrongType("a string");
    }
    return read(parser::getString);
  }

  public String stringOrNull() {
    return atNull() ? null : string();
  }

  public boolean bool() {
    if (parser.currentToken() != JsonToken.VALUE_TRUE
        && parser.currentToken() != JsonToken.VALUE_FALSE) {
      throw wrongType("a boolean");
    }
    return parser.currentToken() == JsonToken.VALUE_TRUE;
  }

  /** A number of things: a whole number that is not negative. */
  public Long countOrNull() {
    if (atNull()) {
      return null;
    }
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw wrongType("an integer");
    }
    try {
      // Not the parser's conversion: it takes a time that grows with the square of the digits.
      long count = Long.parseLong(read(parser::getString));
      if (count >= 0) {
        return count;
      }
    } catch (NumberFormatException tooLarge) {
      // Said below, like a number that is negative.
    }
    throw invalid("invalid_value", "expected an integer from 0 to 9223372036854775807.");
  }

  Double numberOrNull() {
    if (atNull()) {
      return null;
    }
    if (!parser.currentToken().isNumeric()) {
      throw wrongType("a number");
    }
    return read(parser::getDoubleValue);
  }

  /**
   * Refuses a member that comes twice, of which readers may take either: what is interpreted must
   * be clear.
   *
   * @param seen the names of the object's members so far
   */
  public void refuseSecond(Set<String> seen, String name) {
    if (!seen.add(name)) {
      throw invalid("invalid_value", "the member comes twice.");
    }
  }

  /** A failure about the value that the reader stands on. */
  HistoryFailure.Invalid invalid(String code, String fault) {
    return new HistoryFailure.Invalid(path(), code, "Invalid '%s': %s".formatted(path(), fault));
  }

  /** A failure about the type of the value that the reader stands on. */
  public HistoryFailure.Invalid wrongType(String expected) {
    String path = path();
    return path.isEmpty()
        ? new HistoryFailure.Invalid(
            null,
            "invalid_type",
            "Invalid body: expected %s, but got %s instead.".formatted(expected, found()))
        : new HistoryFailure.Invalid(
            path,
            "invalid_type",
            "Invalid type for '%s': expected %s, but got %s instead."
                .formatted(path, expected, found()));
  }

  public static HistoryFailure.Invalid missing(String path) {
    return new HistoryFailure.Invalid(
        path, "missing_required_parameter", "Missing required parameter: '%s'.".formatted(path));
  }

  static HistoryFailure.Invalid unsupported(String path, String value, String supported) {
    return new HistoryFailure.Invalid(
        path,
        "invalid_value",
        "Invalid value: '%s'. Supported values are: %s.".formatted(value, supported));
  }

  /** The place of the value that the reader stands on, such as {@code items[0].content[1].type}. */
  public String path() {
    TokenStreamContext context = parser.streamReadContext();
    if (parser.currentToken().isStructStart()) {
      context = context.getParent();
    }
    StringBuilder path = new StringBuilder();
    for (; !context.inRoot(); context = context.getParent()) {
      if (context.inArray()) {
        path.insert(0, "[" + context.getCurrentIndex() + "]");
      } else {
        path.insert(0, "." + name(context.currentName()));
      }
    }
    return path.isEmpty() || path.charAt(0) == '[' ? path.toString() : path.substring(1);
  }

  private String found() {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "an integer";
      case VALUE_NUMBER_FLOAT -> "a decimal number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      default -> "null";
    };
  }

  private JsonToken next() {
    return read(parser::nextToken);
  }

  private interface Step<T> {
    T take();
  }

  private static <T> T read(Step<T> step) {
    try {
      return step.take();
    } catch (StreamConstraintsException e) {
      throw notJson("it is nested deeper than %d levels".formatted(DEPTH));
    } catch (UnexpectedEndOfInputException e) {
      throw notJson("it ends too early");
    } catch (JacksonException e) {
      // Its message speaks of the library's own switches.
      throw notJson(
          e.getLocation() == null
              ? "it is malformed"
              : "line %d, column %d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    }
  }

  private static HistoryFailure.Invalid notJson(String fault) {
    return new HistoryFailure.Invalid(
        null,
        "invalid_json",
        ("Invalid body: failed to parse JSON value."
                + " Please check the value to ensure it is valid JSON. (%s)")
            .formatted(fault));
  }
}
