package org.smg.history.storage.jpa.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.smg.history.model.JsonText;

/** What was sent to the model for a response. */
@Entity
@Table(name = "responses")
@IdClass(RowKey.class)
public class ResponseInputRow {

  @Id private String tenant;
  @Id private String id;
  private String owner;

  @Column(name = "recorded_at")
  private long recordedAt;

  @Column(name = "input_items")
  private String places;

  private JsonText input;

  /** For the persistence provider. */
  protected ResponseInputRow() {}
}
