package org.smg.history.storage.jpa.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import org.smg.history.model.Conversation;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Scope;

/** A conversation, without its items. */
@Entity
@Table(name = "conversations")
@IdClass(RowKey.class)
public class ConversationRow {

  @Id private String tenant;
  @Id private String id;
  private String owner;

  @Column(name = "created_at")
  private long createdAt;

  @Column(name = "updated_at")
  private long updatedAt;

  @Column(name = "next_position")
  private long nextPosition;

  private Metadata metadata;

  /** For the persistence provider. */
  protected ConversationRow() {}

  /**
   * @param items how many items are stored together with it
   */
  public ConversationRow(Conversation conversation, int items) {
    this.tenant = conversation.key().tenant();
    this.id = conversation.key().id();
    this.owner = conversation.owner();
    this.createdAt = EpochMicros.of(conversation.createdAt());
    this.updatedAt = EpochMicros.of(conversation.updatedAt());
    this.nextPosition = 1L + items;
    this.metadata = conversation.metadata();
  }

  /** Whether the scope includes it; the caller has made sure that the tenant is the scope's. */
  public boolean isIn(Scope scope) {
    return scope.includes(owner);
  }

  public Conversation conversation() {
    return new Conversation(
        new Key(tenant, id),
        owner,
        EpochMicros.toInstant(createdAt),
        EpochMicros.toInstant(updatedAt),
        metadata);
  }

  public void updated(Instant at) {
    updatedAt = EpochMicros.of(at);
  }

  public void replaceMetadata(Metadata replacement, Instant at) {
    metadata = replacement;
    updated(at);
  }
}
