package org.smg.history.storage.jpa.rows;

import java.io.Serializable;
import java.util.Objects;

/** The key of a {@link ResponseItemRow}. */
public final class ResponseItemRowKey implements Serializable {

  private static final long serialVersionUID = 1L;

  private String tenant;
  private String responseId;
  private String direction;
  private long position;

  /** For the persistence provider. */
  public ResponseItemRowKey() {}

  @Override
  public boolean equals(Object other) {
    return other instanceof ResponseItemRowKey key
        && tenant.equals(key.tenant)
        && responseId.equals(key.responseId)
        && direction.equals(key.direction)
        && position == key.position;
  }

  @Override
  public int hashCode() {
    return Objects.hash(tenant, responseId, direction, position);
  }
}
