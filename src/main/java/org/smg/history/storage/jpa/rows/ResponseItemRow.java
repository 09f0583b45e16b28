package org.smg.history.storage.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;

@Entity
@Table(name = "response_items")
@IdClass(ResponseItemRowKey.class)
public class ResponseItemRow {

  static final String INPUT = "input";
  static final String OUTPUT = "output";

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

  ResponseItemRow(Key response, String direction, long position, Content content) {
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
