package org.smg.history.storage.jpa.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;

/** A response's own copy of an item that was sent to the model or answered by it. */
@Entity
@Table(name = "response_items")
@IdClass(ResponseItemRowKey.class)
public class ResponseItemRow {

  /** The direction of what was sent to the model. */
  public static final String INPUT = "input";

  /** The direction of what the model answered. */
  public static final String OUTPUT = "output";

  @Id private String tenant;

  @Id
  @Column(name = "response_id")
  private String responseId;

  @Id private String direction;
  @Id private long position;

  @Column(name = "item_id")
  private String itemId;

  private String type;

  @Column(name = "stored_at")
  private long storedAt;

  private JsonText json;

  /** For the persistence provider. */
  protected ResponseItemRow() {}

  public ResponseItemRow(Key response, String direction, long position, StoredItem content) {
    this.tenant = response.tenant();
    this.responseId = response.id();
    this.direction = direction;
    this.position = position;
    this.itemId = content.item().id();
    this.type = content.item().type();
    this.storedAt = content.storedAt();
    this.json = content.item().json();
  }
}
