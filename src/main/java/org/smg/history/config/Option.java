package org.smg.history.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An option that an administrator can set. MicroProfile Config looks it up by its property name; as
 * an environment variable the name is in upper case, with {@code _} for every other character.
 *
 * <p>A fault is said in words that follow the value, such as "is not a whole number", and without
 * the value itself.
 *
 * @param property the option's name
 * @param alias an environment variable that is looked at where the option is not set
 * @param secret whether the value may hold a password; a secret is never repeated
 * @param defaultValue what holds where nobody sets the option
 * @param parser reads a value that has no space around it; throws IllegalArgumentException with the
 *     fault
 * @param check looks at what was read, and at the default; throws IllegalArgumentException with the
 *     fault. An option that has to be set is one whose default is refused here
 */
public record Option<T>(
    String property,
    Optional<String> alias,
    boolean secret,
    T defaultValue,
    Function<String, T> parser,
    Consumer<T> check) {

  /** A hundred years. */
  private static final int MOST_DAYS = 36_500;

  /** An option with a parser of its own. */
  public static <T> Option<T> of(String property, T defaultValue, Function<String, T> parser) {
    return new Option<>(property, Optional.empty(), false, defaultValue, parser, value -> {});
  }

  /** Any text. */
  public static Option<String> text(String property, String defaultValue) {
    return of(property, defaultValue, text -> text);
  }

  /** A whole number from {@code min} to {@code max}, both included. */
  public static Option<Integer> number(String property, int defaultValue, int min, int max) {
    return of(property, defaultValue, text -> number(text, min, max));
  }

  /** {@code true} or {@code false}. */
  public static Option<Boolean> flag(String property, boolean defaultValue) {
    return of(property, defaultValue, Option::flag);
  }

  /** {@code true} or {@code false}, or empty where nobody sets it. */
  public static Option<Optional<Boolean>> optionalFlag(String property) {
    return of(property, Optional.empty(), text -> Optional.of(flag(text)));
  }

  /**
   * A whole number of days from 1 to {@value #MOST_DAYS}, or -1 for ever; empty where nobody sets
   * it.
   */
  public static Option<Optional<Integer>> optionalDays(String property) {
    return of(property, Optional.empty(), text -> Optional.of(days(text)));
  }

  /** One of the constants of an enum, in lower case. */
  public static <E extends Enum<E>> Option<E> choice(String property, E defaultValue) {
    E[] choices = defaultValue.getDeclaringClass().getEnumConstants();
    return of(property, defaultValue, text -> choice(text, choices));
  }

  /** The same option, also known by an environment variable of another name. */
  public Option<T> withAlias(String environmentVariable) {
    return new Option<>(
        property, Optional.of(environmentVariable), secret, defaultValue, parser, check);
  }

  /**
   * The same option, as one whose value is never repeated. It can be set by a file, too, or as Open
   * Liberty encodes passwords.
   */
  public Option<T> asSecret() {
    return new Option<>(property, alias, true, defaultValue, parser, check);
  }

  /** The option that names a file with the value, where the value is a secret. */
  String fileProperty() {
    return property + "-file";
  }

  /** The environment variable that names that file where {@link #fileProperty} is not set. */
  Optional<String> fileAlias() {
    return alias.map(variable -> variable + "_FILE");
  }

  /** The same option, with a check of what was read. */
  public Option<T> withCheck(Consumer<T> ofValue) {
    return new Option<>(property, alias, secret, defaultValue, parser, ofValue);
  }

  /** An option of the same kind under another name, with another default. */
  public Option<T> named(String otherProperty, T otherDefault) {
    return new Option<>(otherProperty, Optional.empty(), secret, otherDefault, parser, check);
  }

  private static int number(String text, int min, int max) {
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Said below, like a number out of range.
    }
    throw new IllegalArgumentException("is not a whole number from %d to %d".formatted(min, max));
  }

  private static int days(String text) {
    if (text.equals("-1")) {
      return -1;
    }
    if (!text.matches("[0-9]{1,5}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > MOST_DAYS) {
      throw new IllegalArgumentException(
          "is neither a whole number of days from 1 to %d nor -1 for ever".formatted(MOST_DAYS));
    }
    return Integer.parseInt(text);
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("is neither true nor false");
    };
  }

  private static <E extends Enum<E>> E choice(String text, E[] choices) {
    return Arrays.stream(choices)
        .filter(choice -> word(choice).equals(text))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "is unknown; allowed are "
                        + Arrays.stream(choices)
                            .map(Option::word)
                            .collect(Collectors.joining(", "))));
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
