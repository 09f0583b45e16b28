package org.smg.history.storage.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The Lua scripts, each in a file of its own name. */
enum Script {
  ABANDON,
  APPEND,
  CHAIN,
  CLAIM,
  DELETE,
  DROP,
  ENTER,
  FIELDS,
  FINISH,
  FORGET,
  IDS,
  INPUT,
  ITEM,
  ITEMS,
  LEAVE,
  LIST,
  METADATA,
  PUT,
  RANGE,
  RATE,
  RECORD,
  RELEASE,
  REMOVE,
  RENEWED,
  STAY,
  UNRATE,
  VALUE;

  private final byte[] source;
  private final byte[] sha;

  Script() {
    source =
        (read("common") + read(name().toLowerCase(Locale.ROOT))).getBytes(StandardCharsets.UTF_8);
    try {
      sha =
          HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-1").digest(source))
              .getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  byte[] source() {
    return source.clone();
  }

  /** By what a server knows a script that it has run before. */
  byte[] sha() {
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
