package org.smg.history.storage.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import org.smg.history.model.Conversation;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;

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

  ConversationRow(Conversation conversation, int items) {
    this.tenant = conversation.key().tenant();
    this.id = conversation.key().id();
    this.owner = conversation.owner();
    this.createdAt = Micros.of(conversation.createdAt());
    this.updatedAt = Micros.of(conversation.updatedAt());
    this.nextPosition = 1L + items;
    this.metadata = conversation.metadata();
  }

  Conversation conversation() {
    return new Conversation(
        new Key(tenant, id), owner, Micros.instant(createdAt), Micros.instant(updatedAt), metadata);
  }

  void updated(Instant at) {
    updatedAt = Micros.of(at);
  }

  void replaceMetadata(Metadata replacement, Instant at) {
    metadata = replacement;
    updated(at);
  }
}
