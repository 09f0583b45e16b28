package org.smg.history.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All values that a label can have, numbered; whatever else is said becomes {@link #OTHER}. */
final class Words {

  static final String OTHER = "other";

  private final List<String> words;
  private final Map<String, Integer> numbers = new HashMap<>();

  Words(Iterable<String> known) {
    List<String> all = new ArrayList<>();
    known.forEach(all::add);
    all.add(OTHER);
    words = List.copyOf(all);
    for (int i = 0; i < all.size(); i++) {
      numbers.put(all.get(i), i);
    }
  }

  int size() {
    return words.size();
  }

  String word(int number) {
    return words.get(number);
  }

  int number(String word) {
    Integer known = numbers.get(word);
    return known == null ? words.size() - 1 : known;
  }
}
