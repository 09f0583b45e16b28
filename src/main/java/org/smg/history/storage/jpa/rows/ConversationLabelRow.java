package org.smg.history.storage.jpa.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** A label by which a conversation is found. */
@Entity
@Table(name = "conversation_labels")
@IdClass(ConversationLabelRowKey.class)
public class ConversationLabelRow {

  @Id private String tenant;

  @Id
  @Column(name = "conversation_id")
  private String conversationId;

  @Id private String label;

  @Column(name = "created_at")
  private long createdAt;

  /** For the persistence provider. */
  protected ConversationLabelRow() {}
}
