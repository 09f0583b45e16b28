package org.smg.history.storage.jpa.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.smg.history.model.JsonText;

/** An item at its position in a conversation. */
@Entity
@Table(name = "items")
@IdClass(ItemRowKey.class)
public class ItemRow {

  @Id private String tenant;

  @Id
  @Column(name = "conversation_id")
  private String conversationId;

  @Id private long position;

  @Column(name = "item_id")
  private String itemId;

  private String type;

  private JsonText json;

  /** For the persistence provider. */
  protected ItemRow() {}
}
