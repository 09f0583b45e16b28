package org.smg.history.storage.redis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.smg.history.model.Conversation;
import org.smg.history.model.Feedback;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Rating;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TokenUsage;

/** Values as bytes, without loss: not even half a surrogate pair changes. */
final class Packed {

  /** The bit of an entry that says that id and type are inside the JSON. */
  private static final int INSIDE = 0x8000;

  /** The bit of the type's length that says that the id's last digits are packed. */
  private static final int PACKED = 0x80;

  private static final int DIGITS = 32;
  private static final int LARGEST_BYTE = 255;
  private static final int LONGEST_TYPE = 127;

  private interface Writer {
    void write(DataOutputStream out) throws IOException;
  }

  private interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  private Packed() {}

  /**
   * An item as an entry. Its id and type are nearly always somewhere in its JSON, and then only
   * said where; which of the two forms it is, the first bit tells. If such an id ends in 32
   * hexadecimal digits, as those made here do, there are 16 bytes in their place.
   */
  static byte[] item(Item item) {
    byte[] id = Call.bytes(item.id());
    byte[] type = Call.bytes(item.type());
    byte[] json = item.json().toUtf8();
    int idAt = id.length > LARGEST_BYTE ? -1 : find(json, id);
    int typeAt = type.length > LONGEST_TYPE ? -1 : find(json, type);
    return pack(
        out -> {
          if (idAt >= 0 && typeAt >= 0) {
            boolean packed = endsInDigits(id);
            out.writeShort(INSIDE | idAt);
            out.writeByte(id.length);
            out.writeShort(typeAt);
            out.writeByte(packed ? PACKED | type.length : type.length);
            int idEnd = idAt + id.length;
            if (packed) {
              out.write(json, 0, idEnd - DIGITS);
              for (int at = idEnd - DIGITS; at < idEnd; at += 2) {
                out.writeByte(digit(json[at]) << 4 | digit(json[at + 1]));
              }
              out.write(json, idEnd, json.length - idEnd);
            } else {
              out.write(json);
            }
          } else {
            out.writeShort(id.length);
            out.write(id);
            out.writeShort(type.length);
            out.write(type);
            out.write(json);
          }
        });
  }

  static Item item(byte[] entry) {
    return unpack(
        entry,
        in -> {
          int head = in.readUnsignedShort();
          if ((head & INSIDE) == 0) {
            String id = Reply.text(in.readNBytes(head));
            String type = Reply.text(in.readNBytes(in.readUnsignedShort()));
            return new Item(id, type, JsonText.ofUtf8(in.readAllBytes()));
          }
          int idAt = head & ~INSIDE;
          int idLength = in.readUnsignedByte();
          int typeAt = in.readUnsignedShort();
          int typeLength = in.readUnsignedByte();
          byte[] json =
              (typeLength & PACKED) == 0
                  ? in.readAllBytes()
                  : withDigits(in, idAt + idLength - DIGITS);
          return new Item(
              new String(json, idAt, idLength, StandardCharsets.UTF_8),
              new String(json, typeAt, typeLength & ~PACKED, StandardCharsets.UTF_8),
              JsonText.ofUtf8(json));
        });
  }

  /** What is left to be read, with digits for the bytes at the given place. */
  private static byte[] withDigits(DataInputStream in, int at) throws IOException {
    byte[] json = new byte[in.available() + DIGITS / 2];
    in.readFully(json, 0, at);
    for (int i = at; i < at + DIGITS; i += 2) {
      int two = in.readUnsignedByte();
      json[i] = (byte) Character.forDigit(two >> 4, 16);
      json[i + 1] = (byte) Character.forDigit(two & 0xF, 16);
    }
    in.readFully(json, at + DIGITS, json.length - at - DIGITS);
    return json;
  }

  private static boolean endsInDigits(byte[] id) {
    if (id.length < DIGITS) {
      return false;
    }
    for (int i = id.length - DIGITS; i < id.length; i++) {
      if (digit(id[i]) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The value of a digit, of which letters are small ones, or -1. */
  private static int digit(byte digit) {
    if (digit >= '0' && digit <= '9') {
      return digit - '0';
    }
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
  }

  /** Where one is in the other, or -1 if it is not near the beginning. */
  private static int find(byte[] json, byte[] wanted) {
    int last = Math.min(json.length - wanted.length, INSIDE - 1);
    for (int at = 0; at <= last; at++) {
      if (Arrays.equals(json, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  /** What never changes about a conversation. */
  static byte[] origin(Conversation conversation) {
    return pack(
        out -> {
          text(out, conversation.owner());
          instant(out, conversation.createdAt());
        });
  }

  static byte[] metadata(Metadata metadata) {
    return pack(out -> metadata(out, metadata));
  }

  static byte[] instant(Instant instant) {
    return pack(out -> instant(out, instant));
  }

  static Conversation conversation(Key key, byte[] origin, byte[] metadata, byte[] updated) {
    return unpack(
        origin,
        in ->
            new Conversation(
                key,
                text(in),
                instant(in),
                unpack(updated, Packed::instant),
                unpack(metadata, Packed::metadata)));
  }

  /** All of a response but its key and JSON. */
  static byte[] response(StoredResponse response) {
    return pack(
        out -> {
          text(out, response.owner());
          instant(out, response.recordedAt());
          instant(out, response.createdAt());
          instant(out, response.completedAt());
          out.writeUTF(response.status().name());
          text(out, response.model());
          text(out, response.conversationId());
          text(out, response.previousResponseId());
          text(out, response.safetyIdentifier());
          text(out, response.user());
          number(out, response.usage().input());
          number(out, response.usage().cached());
          number(out, response.usage().output());
          number(out, response.usage().reasoning());
          number(out, response.usage().total());
          metadata(out, response.metadata());
          out.writeUTF(response.fingerprint());
          out.writeUTF(response.key().id());
        });
  }

  static StoredResponse response(String tenant, byte[] description, byte[] json) {
    return unpack(
        description,
        in -> {
          String owner = text(in);
          Instant recordedAt = instant(in);
          Instant createdAt = instant(in);
          Instant completedAt = instant(in);
          ResponseStatus status = ResponseStatus.valueOf(in.readUTF());
          String model = text(in);
          String conversationId = text(in);
          String previousResponseId = text(in);
          String safetyIdentifier = text(in);
          String user = text(in);
          TokenUsage usage =
              new TokenUsage(number(in), number(in), number(in), number(in), number(in));
          Metadata metadata = metadata(in);
          String fingerprint = in.readUTF();
          return new StoredResponse(
              new Key(tenant, in.readUTF()),
              owner,
              recordedAt,
              createdAt,
              completedAt,
              status,
              model,
              conversationId,
              previousResponseId,
              safetyIdentifier,
              user,
              usage,
              metadata,
              fingerprint,
              JsonText.ofUtf8(json));
        });
  }

  static byte[] feedback(Feedback feedback) {
    return pack(
        out -> {
          text(out, feedback.owner());
          out.writeUTF(feedback.responseId());
          text(out, feedback.conversationId());
          text(out, feedback.model());
          text(out, feedback.rating() == null ? null : feedback.rating().name());
          text(out, feedback.comment());
          text(out, feedback.author());
          metadata(out, feedback.metadata());
          instant(out, feedback.createdAt());
        });
  }

  static Feedback feedback(Key key, byte[] packed) {
    return unpack(
        packed,
        in -> {
          String owner = text(in);
          String responseId = in.readUTF();
          String conversationId = text(in);
          String model = text(in);
          String rating = text(in);
          return new Feedback(
              key,
              owner,
              responseId,
              conversationId,
              model,
              rating == null ? null : Rating.valueOf(rating),
              text(in),
              text(in),
              metadata(in),
              instant(in));
        });
  }

  private static byte[] pack(Writer writer) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(packed)) {
      writer.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static <T> T unpack(byte[] packed, Reader<T> reader) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(packed))) {
      return reader.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      out.writeUTF(text);
    }
  }

  private static String text(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }

  private static void number(DataOutputStream out, Long number) throws IOException {
    out.writeBoolean(number != null);
    if (number != null) {
      out.writeLong(number);
    }
  }

  private static Long number(DataInputStream in) throws IOException {
    return in.readBoolean() ? Long.valueOf(in.readLong()) : null;
  }

  private static void instant(DataOutputStream out, Instant instant) throws IOException {
    out.writeBoolean(instant != null);
    if (instant != null) {
      out.writeLong(instant.getEpochSecond());
      out.writeInt(instant.getNano());
    }
  }

  private static Instant instant(DataInputStream in) throws IOException {
    return in.readBoolean() ? Instant.ofEpochSecond(in.readLong(), in.readInt()) : null;
  }

  private static void metadata(DataOutputStream out, Metadata metadata) throws IOException {
    out.writeShort(metadata.entries().size());
    for (Map.Entry<String, String> entry : metadata.entries().entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeUTF(entry.getValue());
    }
  }

  private static Metadata metadata(DataInputStream in) throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      String label = in.readUTF();
      entries.put(label, in.readUTF());
    }
    return new Metadata(entries);
  }
}
