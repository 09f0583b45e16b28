package org.smg.history.json;

import java.util.HashSet;
import java.util.Set;
import org.smg.history.model.Metadata;

/**
 * What clients send to create a conversation, to change it and to add items to it (api.md, sections
 * 2.1 and 2.2). Members that are not known here are passed over.
 *
 * @param metadata null if the member was not sent; {@link Metadata#NONE} if it was null
 * @param items null if they were not sent
 */
public record ConversationDraft(Metadata metadata, ItemDrafts items) {

  /**
   * Reads the body of a creation; everything in it is optional.
   *
   * @param mostItems how many items are read; the rest is only counted
   */
  public static ConversationDraft ofCreation(byte[] body, int mostItems) {
    ConversationDraft read = read(body, mostItems);
    return new ConversationDraft(
        read.metadata == null ? Metadata.NONE : read.metadata,
        read.items == null ? ItemDrafts.none("items") : read.items);
  }

  /** Reads the body of a change: metadata, which may be null but not absent. */
  public static Metadata ofUpdate(byte[] body) {
    ConversationDraft read = read(body, 0);
    if (read.metadata == null) {
      throw JsonInput.missing("metadata");
    }
    return read.metadata;
  }

  /**
   * Reads the body of an addition, where items must be given.
   *
   * @param mostItems how many items are read; the rest is only counted
   */
  public static ItemDrafts ofAddition(byte[] body, int mostItems) {
    ConversationDraft read = read(body, mostItems);
    if (read.items == null) {
      throw JsonInput.missing("items");
    }
    return read.items;
  }

  private static ConversationDraft read(byte[] body, int mostItems) {
    JsonInput in = new JsonInput(body);
    Metadata metadata = null;
    ItemDrafts items = null;
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
          if (in.atNull()) {
            in.skip();
          } else {
            items = new ItemReader(in).inputs(mostItems);
          }
        }
        default -> in.skip();
      }
    }
    in.end();
    return new ConversationDraft(metadata, items);
  }
}
