package org.smg.history.json;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Metadata;
import org.smg.history.rules.Ids;
import org.smg.history.rules.Limits;

/**
 * What clients send to create a conversation, to change it and to add items to it (contract,
 * sections 1.1 and 1.2). Members that are not known here are passed over.
 *
 * @param metadata null if it was not sent
 * @param items null if they were not sent
 */
public record ConversationBody(Metadata metadata, List<ItemInput> items) {

  /** Reads the body of a creation; everything in it is optional. */
  public static ConversationBody ofCreation(byte[] body, Ids ids) {
    ConversationBody read = read(body, ids);
    return new ConversationBody(
        read.metadata == null ? Metadata.NONE : read.metadata,
        read.items == null ? List.of() : read.items);
  }

  /** Reads the body of a change: metadata, which may be null but not absent. */
  public static Metadata ofUpdate(byte[] body, Ids ids) {
    ConversationBody read = read(body, ids);
    if (read.metadata == null) {
      throw JsonInput.missing("metadata");
    }
    return read.metadata;
  }

  /** Reads the body of an addition: at least one item. */
  public static List<ItemInput> ofAddition(byte[] body, Ids ids) {
    ConversationBody read = read(body, ids);
    if (read.items == null) {
      throw JsonInput.missing("items");
    }
    if (read.items.isEmpty()) {
      throw new HistoryFailure.Invalid(
          "items",
          "empty_array",
          "Invalid 'items': empty array. Expected an array with minimum length 1,"
              + " but got an empty array instead.");
    }
    return read.items;
  }

  private static ConversationBody read(byte[] body, Ids ids) {
    JsonInput in = new JsonInput(body);
    Metadata metadata = null;
    List<ItemInput> items = null;
    Set<String> seen = new HashSet<>();
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      switch (name) {
        case "metadata" -> {
          in.refuseSecond(seen, name);
          metadata = MetadataReader.read(in);
        }
        case "items" -> {
          in.refuseSecond(seen, name);
          if (!in.atNull()) {
            items = new ItemReader(in, new Edits(in.body()), ids).inputs(Limits.ITEMS_PER_REQUEST);
          }
        }
        default -> in.skip();
      }
    }
    in.end();
    return new ConversationBody(metadata, items);
  }
}
