package org.smg.history.storage.redis.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The Lua scripts. Each is in a file of its name, and says there what keys and arguments it has.
 */
public enum Script {
  BYTES_ADD,
  CHAIN_READ,
  CLAIM_CLEAR,
  COMMAND,
  CONVERSATION_CREATE,
  CONVERSATION_DELETE,
  CONVERSATION_RETAIN,
  EXPIRY_LIMIT,
  FEEDBACK_ADD,
  FEEDBACK_READ,
  INDEX_READ,
  INDEX_REPLACE,
  INDEX_TRIM,
  INDEX_WRITE,
  INPUT_ITEMS_READ,
  INPUT_READ,
  ITEMS_APPEND,
  ITEMS_READ,
  ITEM_READ,
  ITEM_REMOVE,
  LEASE,
  LOCATIONS_READ,
  LOCATIONS_RETAIN,
  LOCATION_ADD,
  LOCATION_REMOVE,
  METADATA_REPLACE,
  POINTER_SET,
  PROMPT_READ,
  RENEWAL_NOTE,
  RESPONSE_DELETE,
  RESPONSE_EXCLUDE,
  RESPONSE_ITEM_READ,
  RESPONSE_RETAIN,
  RUNS_ABANDONED,
  RUN_BEGIN,
  RUN_DROP,
  RUN_FINISH,
  RUN_NOTE,
  SERVER_LEASE,
  TURN_RECORD,
  WALK_SAVE;

  private final byte[] source;
  private final byte[] sha;

  Script() {
    source =
        (read("common") + read(name().toLowerCase(Locale.ROOT))).getBytes(StandardCharsets.UTF_8);
    sha = shaOf(source);
  }

  static byte[] shaOf(byte[] source) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(source))
          .getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java platform has no SHA-1.", e);
    }
  }

  public byte[] source() {
    return source.clone();
  }

  /** The SHA-1 of the source, in hexadecimal digits: a server knows a script by it. */
  public byte[] sha() {
    return sha.clone();
  }

  private static String read(String name) {
    try (InputStream file = Script.class.getResourceAsStream(name + ".lua")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
