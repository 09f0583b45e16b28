package org.smg.history.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands that Redis was sent for one request, with fresh ids each time that they are sent
 * again, as the request itself would have.
 */
final class RedisCommands {

  /** One command: its name and its arguments. */
  record Command(String name, byte[][] arguments) {}

  private record Place(byte[] argument, int from, int length, int radix, int id) {}

  private static final Pattern ID =
      Pattern.compile(
          "(?<=_)[0-9a-f]{32}|(?<=_)[0-9]{12}|(?<=-[0-9a-f]{4}-[0-9a-f]{4}-)[0-9a-f]{12}");

  private final List<Command> commands = new ArrayList<>();
  private final List<Place> places = new ArrayList<>();
  private final int ids;

  /**
   * @param monitored lines of {@code MONITOR}
   * @param request what was sent: ids that it names stay as they are
   */
  RedisCommands(List<String> monitored, String request) {
    Set<String> fresh = new LinkedHashSet<>();
    for (String line : monitored) {
      List<byte[]> words = words(line);
      byte[][] arguments = words.subList(1, words.size()).toArray(new byte[0][]);
      commands.add(new Command(text(words.get(0)).toUpperCase(Locale.ROOT), arguments));
      for (byte[] argument : arguments) {
        Matcher id = ID.matcher(text(argument));
        while (id.find()) {
          if (!request.contains(id.group())) {
            fresh.add(id.group());
            int index = List.copyOf(fresh).indexOf(id.group());
            boolean decimal = id.group().length() == 12 && argument[id.start() - 1] == '_';
            int digits = Math.min(12, id.group().length());
            places.add(new Place(argument, id.end() - digits, digits, decimal ? 10 : 16, index));
          }
        }
      }
    }
    ids = fresh.size();
  }

  /**
   * The commands with ids that nobody used; the arrays are used again the next time.
   *
   * @param number another one each time
   */
  List<Command> with(long number) {
    for (Place place : places) {
      long rest = number * ids + place.id();
      for (int i = place.length() - 1; i >= 0; i--) {
        place.argument()[place.from() + i] =
            (byte) Character.forDigit((int) (rest % place.radix()), place.radix());
        rest /= place.radix();
      }
    }
    return commands;
  }

  /** What stands in quotes. */
  private static List<byte[]> words(String line) {
    List<byte[]> words = new ArrayList<>();
    int from = -1;
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == '\\') {
        i++;
      } else if (line.charAt(i) == '"' && from < 0) {
        from = i + 1;
      } else if (line.charAt(i) == '"') {
        words.add(unescaped(line.substring(from, i)));
        from = -1;
      }
    }
    return words;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] unescaped(String word) {
    StringBuilder bytes = new StringBuilder(word.length());
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c != '\\') {
        bytes.append(c);
        continue;
      }
      char escape = word.charAt(++i);
      switch (escape) {
        case 'n' -> bytes.append('\n');
        case 'r' -> bytes.append('\r');
        case 't' -> bytes.append('\t');
        case 'a' -> bytes.append('\u0007');
        case 'b' -> bytes.append('\b');
        case 'x' -> {
          bytes.append((char) Integer.parseInt(word.substring(i + 1, i + 3), 16));
          i += 2;
        }
        default -> bytes.append(escape);
      }
    }
    return bytes.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
