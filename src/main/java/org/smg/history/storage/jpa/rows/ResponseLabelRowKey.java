package org.smg.history.storage.jpa.rows;

import java.io.Serializable;
import java.util.Objects;

/** The key of a {@link ResponseLabelRow}. */
public final class ResponseLabelRowKey implements Serializable {

  private static final long serialVersionUID = 1L;

  private String tenant;
  private String responseId;
  private String label;

  /** For the persistence provider. */
  public ResponseLabelRowKey() {}

  @Override
  public boolean equals(Object other) {
    return other instanceof ResponseLabelRowKey key
        && tenant.equals(key.tenant)
        && responseId.equals(key.responseId)
        && label.equals(key.label);
  }

  @Override
  public int hashCode() {
    return Objects.hash(tenant, responseId, label);
  }
}
