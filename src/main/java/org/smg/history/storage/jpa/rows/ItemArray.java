package org.smg.history.storage.jpa.rows;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;

/**
 * Items as one JSON array, and where each of them is in it, so that they are read without being
 * parsed. No items are two nulls.
 *
 * @param places a line for each item with its offset and length in bytes of UTF-8, its id and its
 *     type, separated by tabs, which neither ids nor types contain
 * @param json the array
 */
public record ItemArray(String places, JsonText json) {

  /** The array of these items. */
  public static ItemArray of(List<Item> items) {
    if (items.isEmpty()) {
      return new ItemArray(null, null);
    }
    StringBuilder places = new StringBuilder();
    ByteArrayOutputStream array = new ByteArrayOutputStream();
    for (Item item : items) {
      array.write(array.size() == 0 ? '[' : ',');
      places.append(array.size()).append('\t').append(item.json().length()).append('\t');
      places.append(item.id()).append('\t').append(item.type()).append('\n');
      array.writeBytes(item.json().toUtf8());
    }
    array.write(']');
    return new ItemArray(places.toString(), JsonText.ofUtf8(array.toByteArray()));
  }

  /**
   * Where an item is.
   *
   * @param offset of its first byte in the array
   * @param length in bytes
   */
  public record Place(int offset, int length, String id, String type) {

    /** The item, cut out of a part of the array that begins at an offset. */
    public Item cut(JsonText part, int from) {
      return new Item(id, type, part.part(offset - from, length));
    }

    public int end() {
      return offset + length;
    }
  }

  /** The places of all items, in order. */
  public List<Place> items() {
    return places == null ? List.of() : places.lines().map(ItemArray::place).toList();
  }

  /** The items themselves, in order. */
  public List<Item> content() {
    return items().stream().map(place -> place.cut(json, 0)).toList();
  }

  /** The item with this id. */
  public Optional<Item> find(String id) {
    return items().stream()
        .filter(place -> place.id().equals(id))
        .map(place -> place.cut(json, 0))
        .findFirst();
  }

  private static Place place(String line) {
    String[] columns = line.split("\t", 4);
    return new Place(
        Integer.parseInt(columns[0]), Integer.parseInt(columns[1]), columns[2], columns[3]);
  }
}
