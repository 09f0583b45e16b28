package org.smg.history.json;

import java.util.LinkedHashMap;
import java.util.Map;
import org.smg.history.model.Item;

/**
 * An item as it was sent. It becomes an {@link Item} when it is given what it lacks; all else is
 * kept as it stands in the body. Shorthand is already written out: a string as content is a list of
 * parts, and an object with a role and no type is a message.
 */
public final class ItemDraft {

  /**
   * What the reader found out about an item.
   *
   * @param id null if there is none
   * @param type null only for a reference
   * @param typeSent whether the type is a member, and not inferred
   */
  record Facts(String id, String type, boolean typeSent, boolean statusSent, boolean reference) {}

  private final String path;
  private final Facts facts;
  private final Span span;
  private final Edits edits;
  private final MissingMembers missing;

  /**
   * @param edits that write out its shorthand; all inside the span
   */
  ItemDraft(String path, Facts facts, Span span, Edits edits, MissingMembers missing) {
    this.path = path;
    this.facts = facts;
    this.span = span;
    this.edits = edits;
    this.missing = missing;
  }

  /** Where the item stands in the body, such as {@code items[0]}; error messages name it. */
  public String path() {
    return path;
  }

  /** The id that it was sent with, or null. */
  public String id() {
    return facts.id();
  }

  /** Null only for a reference. */
  public String type() {
    return facts.type();
  }

  /** Whether it stands for an item that is stored already; then it has an id. */
  public boolean isReference() {
    return facts.reference();
  }

  /** Where it stands in the body. */
  public Span span() {
    return span;
  }

  /**
   * Makes the item.
   *
   * @param id the id that it was sent with or, if there was none, a new one
   * @param status what it is given where it has none, or null to leave it without
   */
  public Item complete(String id, String status) {
    Map<String, String> values = new LinkedHashMap<>(4);
    if (facts.id() == null) {
      values.put("id", JsonOutput.quoted(id));
    }
    if (!facts.typeSent()) {
      values.put("type", JsonOutput.quoted(facts.type()));
    }
    if (status != null && !facts.statusSent()) {
      values.put("status", JsonOutput.quoted(status));
    }
    Edits completed = edits;
    if (!values.isEmpty()) {
      completed = edits.copy();
      missing.fill(completed, values);
    }
    return new Item(id, facts.type(), completed.cut(span));
  }
}
