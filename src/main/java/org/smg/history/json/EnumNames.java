package org.smg.history.json;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The words that stand for constants on the wire: their names in lower case. */
public final class EnumNames {

  private EnumNames() {}

  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Finds the constant; a word that stands for none is refused with the ones that are allowed. */
  public static <E extends Enum<E>> E read(Class<E> type, String path, String word) {
    return read(Arrays.asList(type.getEnumConstants()), path, word);
  }

  /** The same where not all constants are allowed. */
  public static <E extends Enum<E>> E read(List<E> constants, String path, String word) {
    return constants.stream()
        .filter(constant -> of(constant).equals(word))
        .findAny()
        .orElseThrow(
            () ->
                JsonInput.unsupported(
                    path, word, supported(constants.stream().map(EnumNames::of).toList())));
  }

  /** Lists what is allowed, as error messages do. */
  public static String supported(List<String> words) {
    String last = "'" + words.get(words.size() - 1) + "'";
    return words.subList(0, words.size() - 1).stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(", "))
        + (words.size() > 2 ? ", and " : " and ")
        + last;
  }
}
