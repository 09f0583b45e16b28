package org.smg.history.storage.redis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.smg.history.model.Metadata;

/**
 * Writes values as bytes and reads them again. A value that may be null begins with a byte, 1 if it
 * is there and 0 if not. Texts are in Java's modified UTF-8 with their length in front, which keeps
 * single surrogates, too.
 */
final class BinaryFormat {

  interface Writer {
    void write(DataOutputStream out) throws IOException;
  }

  interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  private BinaryFormat() {}

  static byte[] encode(Writer writer) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(encoded)) {
      writer.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return encoded.toByteArray();
  }

  static <T> T decode(byte[] encoded, Reader<T> reader) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
      return reader.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void writeText(DataOutputStream out, String text) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      out.writeUTF(text);
    }
  }

  static String readText(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }

  static void writeNumber(DataOutputStream out, Long number) throws IOException {
    out.writeBoolean(number != null);
    if (number != null) {
      out.writeLong(number);
    }
  }

  static Long readNumber(DataInputStream in) throws IOException {
    return in.readBoolean() ? Long.valueOf(in.readLong()) : null;
  }

  static void writeInstant(DataOutputStream out, Instant instant) throws IOException {
    out.writeBoolean(instant != null);
    if (instant != null) {
      out.writeLong(instant.getEpochSecond());
      out.writeInt(instant.getNano());
    }
  }

  static Instant readInstant(DataInputStream in) throws IOException {
    return in.readBoolean() ? Instant.ofEpochSecond(in.readLong(), in.readInt()) : null;
  }

  static void writeMetadata(DataOutputStream out, Metadata metadata) throws IOException {
    out.writeShort(metadata.entries().size());
    for (Map.Entry<String, String> entry : metadata.entries().entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeUTF(entry.getValue());
    }
  }

  static Metadata readMetadata(DataInputStream in) throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      String key = in.readUTF();
      entries.put(key, in.readUTF());
    }
    return new Metadata(entries);
  }
}
