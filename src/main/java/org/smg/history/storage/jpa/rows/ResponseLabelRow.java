package org.smg.history.storage.jpa.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** A label by which a response is found. */
@Entity
@Table(name = "response_labels")
@IdClass(ResponseLabelRowKey.class)
public class ResponseLabelRow {

  @Id private String tenant;

  @Id
  @Column(name = "response_id")
  private String responseId;

  @Id private String label;

  @Column(name = "created_at")
  private long createdAt;

  @Column(name = "recorded_at")
  private long recordedAt;

  /** For the persistence provider. */
  protected ResponseLabelRow() {}
}
