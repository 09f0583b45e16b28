package org.smg.history.storage.jpa.rows;

import java.io.Serializable;
import java.util.Objects;

/** The key of an {@link ItemRow}. */
public final class ItemRowKey implements Serializable {

  private static final long serialVersionUID = 1L;

  private String tenant;
  private String conversationId;
  private long position;

  /** For the persistence provider. */
  public ItemRowKey() {}

  @Override
  public boolean equals(Object other) {
    return other instanceof ItemRowKey key
        && tenant.equals(key.tenant)
        && conversationId.equals(key.conversationId)
        && position == key.position;
  }

  @Override
  public int hashCode() {
    return Objects.hash(tenant, conversationId, position);
  }
}
