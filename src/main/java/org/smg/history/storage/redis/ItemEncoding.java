package org.smg.history.storage.redis;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;

/**
 * Items as entries of a list, in one of two forms; the first bit tells which.
 *
 * <ul>
 *   <li>Bit set: id and type are inside the JSON, as they nearly always are, and the entry only
 *       says where. It holds the id's offset (2 bytes, with the bit) and length (1), the type's
 *       offset (2) and length (1), and the JSON. If the id ends in 32 hexadecimal digits, as ids
 *       made here do, the JSON holds 16 bytes in place of them, and the first bit of the type's
 *       length is set (ADR 44).
 *   <li>Bit clear: the entry holds the id and the type, each behind its length (2 bytes), and the
 *       JSON.
 * </ul>
 *
 * <p>Offsets and lengths count bytes of UTF-8. {@code common.lua} reads ids from entries, too.
 */
final class ItemEncoding {

  private static final int INSIDE = 0x8000;
  private static final int PACKED_DIGITS = 0x80;
  private static final int DIGITS = 32;
  private static final int LONGEST_ID_INSIDE = 255;
  private static final int LONGEST_TYPE_INSIDE = 127;

  private ItemEncoding() {}

  static byte[] encode(Item item) {
    byte[] id = ScriptCall.bytes(item.id());
    byte[] type = ScriptCall.bytes(item.type());
    byte[] json = item.json().toUtf8();
    int idAt = id.length > LONGEST_ID_INSIDE ? -1 : find(json, id);
    int typeAt = type.length > LONGEST_TYPE_INSIDE ? -1 : find(json, type);
    return BinaryFormat.encode(
        out -> {
          if (idAt < 0 || typeAt < 0) {
            out.writeShort(id.length);
            out.write(id);
            out.writeShort(type.length);
            out.write(type);
            out.write(json);
            return;
          }
          boolean packsDigits = endsInDigits(id);
          out.writeShort(INSIDE | idAt);
          out.writeByte(id.length);
          out.writeShort(typeAt);
          out.writeByte(packsDigits ? PACKED_DIGITS | type.length : type.length);
          if (packsDigits) {
            writePacked(out, json, idAt + id.length - DIGITS);
          } else {
            out.write(json);
          }
        });
  }

  static Item decode(byte[] entry) {
    return BinaryFormat.decode(
        entry,
        in -> {
          int head = in.readUnsignedShort();
          if ((head & INSIDE) == 0) {
            String id = ScriptReply.text(in.readNBytes(head));
            String type = ScriptReply.text(in.readNBytes(in.readUnsignedShort()));
            return new Item(id, type, JsonText.ofUtf8(in.readAllBytes()));
          }
          int idAt = head & ~INSIDE;
          int idLength = in.readUnsignedByte();
          int typeAt = in.readUnsignedShort();
          int typeLength = in.readUnsignedByte();
          byte[] json =
              (typeLength & PACKED_DIGITS) == 0
                  ? in.readAllBytes()
                  : readPacked(in, idAt + idLength - DIGITS);
          return new Item(
              new String(json, idAt, idLength, StandardCharsets.UTF_8),
              new String(json, typeAt, typeLength & ~PACKED_DIGITS, StandardCharsets.UTF_8),
              JsonText.ofUtf8(json));
        });
  }

  /** Writes the JSON with the 32 digits at the given offset as 16 bytes. */
  private static void writePacked(DataOutputStream out, byte[] json, int digitsAt)
      throws IOException {
    int end = digitsAt + DIGITS;
    out.write(json, 0, digitsAt);
    for (int at = digitsAt; at < end; at += 2) {
      out.writeByte(digit(json[at]) << 4 | digit(json[at + 1]));
    }
    out.write(json, end, json.length - end);
  }

  private static byte[] readPacked(DataInputStream in, int digitsAt) throws IOException {
    byte[] json = new byte[in.available() + DIGITS / 2];
    int end = digitsAt + DIGITS;
    in.readFully(json, 0, digitsAt);
    for (int at = digitsAt; at < end; at += 2) {
      int twoDigits = in.readUnsignedByte();
      json[at] = (byte) Character.forDigit(twoDigits >> 4, 16);
      json[at + 1] = (byte) Character.forDigit(twoDigits & 0xF, 16);
    }
    in.readFully(json, end, json.length - end);
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

  /** The value of a hexadecimal digit in lower case, or -1. */
  private static int digit(byte digit) {
    if (digit >= '0' && digit <= '9') {
      return digit - '0';
    }
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
  }

  /** The offset of the text in the JSON, or -1 if there is none that 15 bits can hold. */
  private static int find(byte[] json, byte[] text) {
    int last = Math.min(json.length - text.length, INSIDE - 1);
    for (int at = 0; at <= last; at++) {
      if (Arrays.equals(json, at, at + text.length, text, 0, text.length)) {
        return at;
      }
    }
    return -1;
  }
}
