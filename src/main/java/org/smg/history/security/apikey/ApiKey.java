package org.smg.history.security.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.KeyLimit;
import org.smg.history.security.authentication.Role;

/**
 * What is kept of an API key: not the key, but a digest.
 *
 * @param id the part of the key that names it
 * @param digest SHA-256 of the key, as 64 hexadecimal digits
 * @param expires from when on it no longer counts; null for never
 * @param revoked when it was revoked, or null
 */
record ApiKey(
    String id,
    String digest,
    Identity identity,
    Instant created,
    Instant expires,
    Instant revoked) {

  private static final String NEVER = "-";
  private static final List<String> NAMES =
      List.of("id", "digest", "tenant", "user", "roles", "created", "expires", "revoked");

  /** Last in the line, of those keys that have a limit. */
  private static final String REQUESTS = "requests-per-minute";

  /** Behind it, of those keys that have this limit. */
  private static final String MEGABYTES = "stored-megabytes";

  /** Last of all. */
  private static final String STREAMS = "open-streams";

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /**
   * Checks the name of a tenant or user; for users it is stricter than what identity providers may
   * call them, because fields of the file are separated by spaces.
   *
   * @throws IllegalArgumentException with the fault
   */
  static String checkName(String what, String name) {
    if (!Identity.isTenant(name)) {
      throw new IllegalArgumentException(
          "has no usable %s; allowed are %s".formatted(what, Identity.TENANT_NAMES));
    }
    return name;
  }

  /**
   * Reads names of roles, separated by commas.
   *
   * @throws IllegalArgumentException with the fault
   */
  static Set<Role> roles(String list) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String word : list.split(",", -1)) {
      roles.add(Role.of(word));
    }
    return roles;
  }

  /**
   * Reads the limits of a key, each of which may be null for none.
   *
   * @return null if it has none
   * @throws IllegalArgumentException with the fault
   */
  static KeyLimit limit(
      String id, String requestsPerMinute, String storedMegabytes, String openStreams) {
    return requestsPerMinute == null && storedMegabytes == null && openStreams == null
        ? null
        : new KeyLimit(
            id,
            limit(REQUESTS, requestsPerMinute),
            limit(MEGABYTES, storedMegabytes),
            limit(STREAMS, openStreams));
  }

  private static int limit(String name, String value) {
    if (value == null) {
      return 0;
    }
    if (!value.matches("[1-9][0-9]{0,6}")) {
      throw new IllegalArgumentException(
          "has no usable %s; allowed are whole numbers from 1 to 9999999".formatted(name));
    }
    return Integer.parseInt(value);
  }

  boolean counts(Instant now) {
    return revoked == null && (expires == null || now.isBefore(expires));
  }

  /** Compares in a time that does not depend on where the digests differ. */
  boolean hasDigest(String other) {
    return MessageDigest.isEqual(ascii(digest), ascii(other));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  ApiKey revoked(Instant at) {
    return new ApiKey(id, digest, identity, created, expires, at);
  }

  /** The key's line in the file. */
  String line() {
    List<String> values =
        List.of(
            id,
            digest,
            identity.tenant(),
            identity.user(),
            roleWords(),
            created.toString(),
            text(expires),
            text(revoked));
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < NAMES.size(); i++) {
      line.append(i == 0 ? "" : " ").append(NAMES.get(i)).append('=').append(values.get(i));
    }
    if (identity.limit() != null) {
      append(line, REQUESTS, identity.limit().requestsPerMinute());
      append(line, MEGABYTES, identity.limit().storedMegabytes());
      append(line, STREAMS, identity.limit().openStreams());
    }
    return line.toString();
  }

  private static void append(StringBuilder line, String name, int limit) {
    if (limit > 0) {
      line.append(' ').append(name).append('=').append(limit);
    }
  }

  /** As administrators see it: all but the digest. */
  String summary() {
    return line().replace(" digest=" + digest, "");
  }

  private String roleWords() {
    return identity.roles().stream().sorted().map(Role::word).collect(Collectors.joining(","));
  }

  private static String text(Instant instant) {
    return instant == null ? NEVER : instant.toString();
  }

  /**
   * Reads a line of the file.
   *
   * @throws IllegalArgumentException with the fault, which does not repeat the line
   */
  static ApiKey parse(String line) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String field : line.strip().split(" +")) {
      int equals = Math.max(0, field.indexOf('='));
      values.put(field.substring(0, equals), field.substring(Math.min(field.length(), equals + 1)));
    }
    String requests = values.remove(REQUESTS);
    String megabytes = values.remove(MEGABYTES);
    String streams = values.remove(STREAMS);
    if (!List.copyOf(values.keySet()).equals(NAMES)
        || !ApiKeyToken.isId(values.get("id"))
        || !DIGEST.matcher(values.get("digest")).matches()) {
      throw new IllegalArgumentException(
          "is no key; expected the fields "
              + NAMES.stream().map(name -> name + "=…").collect(Collectors.joining(" ")));
    }
    return new ApiKey(
        values.get("id"),
        values.get("digest"),
        new Identity(
            checkName("tenant", values.get("tenant")),
            checkName("user", values.get("user")),
            roles(values.get("roles")),
            limit(values.get("id"), requests, megabytes, streams)),
        instant(values.get("created")),
        optionalInstant(values.get("expires")),
        optionalInstant(values.get("revoked")));
  }

  private static Instant optionalInstant(String text) {
    return text.equals(NEVER) ? null : instant(text);
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException malformed) {
      throw new IllegalArgumentException(
          "has a time that is not like 2027-01-31T00:00:00Z", malformed);
    }
  }
}
