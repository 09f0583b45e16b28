package org.smg.history.model;

import java.time.Instant;

/**
 * An ordered, append-only container of items.
 *
 * @param owner who made it, or null while callers are anonymous
 * @param createdAt lists are in the order of creation, then of ids
 * @param updatedAt when items or metadata last changed; retention counts from here
 */
public record Conversation(
    Key key, String owner, Instant createdAt, Instant updatedAt, Metadata metadata) {

  public Conversation withMetadata(Metadata replacement, Instant at) {
    return new Conversation(key, owner, createdAt, at, replacement);
  }

  public Conversation updated(Instant at) {
    return new Conversation(key, owner, createdAt, at, metadata);
  }
}
