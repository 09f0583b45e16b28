package org.smg.history.config;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;

/** What the administrator chose, read once and checked as a whole. */
@Dependent
public final class Settings {

  private static final int LARGEST_BODY = 1 << 30;

  private final String backend;
  private final int maxBodyBytes;
  private final int memoryMaxConversations;

  /**
   * Reads from the server's environment, variables and system properties.
   *
   * @throws InvalidOption if any value cannot be used
   */
  @Inject
  public Settings() {
    this(name -> ConfigProvider.getConfig().getOptionalValue(name, String.class));
  }

  /**
   * Reads from the given source, which is asked by property name.
   *
   * @throws InvalidOption if any value cannot be used
   */
  public Settings(Function<String, Optional<String>> source) {
    backend = text(source, Option.HISTORY_BACKEND);
    maxBodyBytes = number(source, Option.HISTORY_MAX_BODY_BYTES, 1, LARGEST_BODY);
    memoryMaxConversations = number(source, Option.MEMORY_MAX_CONVERSATIONS, 0, Integer.MAX_VALUE);
  }

  /**
   * Where history is kept.
   *
   * @param choices the backends that there are
   * @throws InvalidOption if the value names none of them
   */
  public <E extends Enum<E>> E backend(Class<E> choices) {
    E[] constants = choices.getEnumConstants();
    return Arrays.stream(constants)
        .filter(constant -> word(constant).equals(backend))
        .findAny()
        .orElseThrow(
            () ->
                new InvalidOption(
                    Option.HISTORY_BACKEND,
                    "'%s' is not a backend of this version; allowed are %s"
                        .formatted(
                            backend,
                            Arrays.stream(constants)
                                .map(Settings::word)
                                .collect(Collectors.joining(", ")))));
  }

  /** The size of the largest request body, in bytes. */
  public int maxBodyBytes() {
    return maxBodyBytes;
  }

  /** How many conversations the backend {@code memory} keeps; 0 is unlimited. */
  public int memoryMaxConversations() {
    return memoryMaxConversations;
  }

  private static String text(Function<String, Optional<String>> source, Option option) {
    return source.apply(option.property()).map(String::strip).orElse(option.defaultValue());
  }

  private static int number(
      Function<String, Optional<String>> source, Option option, int min, int max) {
    String value = text(source, option);
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Said below, like a number out of range.
    }
    throw new InvalidOption(
        option, "'%s' is not a whole number from %d to %d".formatted(value, min, max));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
