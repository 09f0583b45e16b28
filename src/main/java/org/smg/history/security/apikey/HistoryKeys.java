package org.smg.history.security.apikey;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Role;

/** The command {@code history-keys}: makes, lists and revokes API keys. */
public final class HistoryKeys {

  private static final String USAGE =
      """
      history-keys create --tenant TENANT --user USER --roles ROLE[,ROLE] --expires DATE|never
                   [--requests-per-minute N] [--stored-megabytes M] [--open-streams S]
      history-keys list
      history-keys revoke ID

      TENANT    whose history the key opens
      USER      who uses the key; the owner of what is made with it
      ROLE      history-user, history-reviewer, history-admin or history-operator
      DATE      such as 2027-01-31: the key counts until that day begins in UTC
      N         how many requests a minute each server takes of the key: 1 to 9999999
      M         how many megabytes of JSON may be stored with the key: 1 to 9999999
      S         how many answers of the model server each server has under way for the key at
                once: 1 to 9999999
      ID        a key's id, as list and create show it

      The file of the keys is named by the environment variable HISTORY_API_KEYS_FILE, or by
      --file FILE. The account that runs the server must be able to read it.
      """;

  private static final String FILE_VARIABLE = "HISTORY_API_KEYS_FILE";

  private final Path file;
  private final Instant now;
  private final PrintStream out;

  private HistoryKeys(Path file, Instant now, PrintStream out) {
    this.file = file;
    this.now = now;
    this.out = out;
  }

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.getenv(), System.out, System.err));
  }

  /**
   * @return the exit status: 0, or 1 if nothing was changed because of a fault
   */
  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    try {
      List<String> words = new ArrayList<>();
      Map<String, String> options = options(arguments, words);
      String file = options.getOrDefault("--file", environment.get(FILE_VARIABLE));
      options.remove("--file");
      if (file == null || file.isBlank()) {
        throw new IllegalArgumentException(FILE_VARIABLE + " or --file is required");
      }
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      new HistoryKeys(Path.of(file), now, out).execute(words, options);
      return 0;
    } catch (IllegalArgumentException fault) {
      err.println(fault.getMessage());
      err.println();
      err.print(USAGE);
    } catch (IOException fault) {
      err.println("The file of the keys cannot be used: " + fault);
    }
    return 1;
  }

  private static Map<String, String> options(List<String> arguments, List<String> words) {
    Map<String, String> options = new TreeMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("--")) {
        words.add(argument);
      } else if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException(argument + " has no value");
      } else {
        options.put(argument, arguments.get(++i));
      }
    }
    return options;
  }

  private void execute(List<String> words, Map<String, String> options) throws IOException {
    String command = words.isEmpty() ? "" : words.get(0);
    if (command.equals("create") && words.size() == 1) {
      create(options);
    } else if (command.equals("list") && words.size() == 1 && options.isEmpty()) {
      read().forEach(key -> out.println(key.summary()));
    } else if (command.equals("revoke") && words.size() == 2 && options.isEmpty()) {
      revoke(words.get(1));
    } else {
      throw new IllegalArgumentException("Expected create, list or revoke ID");
    }
  }

  private void create(Map<String, String> options) throws IOException {
    String tenant = ApiKey.checkName("tenant", required(options, "--tenant"));
    String user = ApiKey.checkName("user", required(options, "--user"));
    Set<Role> roles = ApiKey.roles(required(options, "--roles"));
    Instant expires = expiry(required(options, "--expires"));
    String requests = options.remove("--requests-per-minute");
    String megabytes = options.remove("--stored-megabytes");
    String streams = options.remove("--open-streams");
    if (!options.isEmpty()) {
      throw new IllegalArgumentException("Unknown: " + String.join(" ", options.keySet()));
    }
    ApiKeyToken token = ApiKeyToken.random(new SecureRandom());
    Identity identity =
        new Identity(tenant, user, roles, ApiKey.limit(token.id(), requests, megabytes, streams));
    ApiKey key = new ApiKey(token.id(), token.digest(), identity, now, expires, null);
    change(
        keys -> {
          keys.add(key);
          return keys;
        });
    out.println(key.summary());
    out.println("The key follows. It is shown this once, and kept nowhere.");
    out.println(token.text());
  }

  private void revoke(String id) throws IOException {
    change(
        keys -> {
          if (keys.stream().noneMatch(key -> key.id().equals(id))) {
            throw new IllegalArgumentException("There is no key with the id " + id);
          }
          keys.replaceAll(
              key -> key.id().equals(id) && key.revoked() == null ? key.revoked(now) : key);
          return keys;
        });
    out.println("Revoked " + id);
  }

  private static String required(Map<String, String> options, String name) {
    return Optional.ofNullable(options.remove(name))
        .orElseThrow(() -> new IllegalArgumentException(name + " is required"));
  }

  private static Instant expiry(String text) {
    if (text.equals("never")) {
      return null;
    }
    try {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException malformed) {
      throw new IllegalArgumentException(
          "--expires is neither a date such as 2027-01-31 nor never", malformed);
    }
  }

  private interface Change {
    List<ApiKey> apply(List<ApiKey> keys);
  }

  /** One command at a time changes the file, so that none undoes what another one did. */
  private void change(Change change) throws IOException {
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    try (FileChannel locked =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      locked.lock();
      ApiKeyFile.write(
          file, change.apply(Files.exists(file) ? new ArrayList<>(read()) : new ArrayList<>()));
    }
  }

  private List<ApiKey> read() throws IOException {
    ApiKeyFile content = ApiKeyFile.read(file);
    if (!content.faults().isEmpty()) {
      throw new IOException(String.join("; ", content.faults()));
    }
    return content.keys();
  }
}
