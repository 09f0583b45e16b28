package org.smg.history.storage.jpa.rows;

import java.io.Serializable;
import java.util.Objects;

/** The key of a {@link ConversationLabelRow}. */
public final class ConversationLabelRowKey implements Serializable {

  private static final long serialVersionUID = 1L;

  private String tenant;
  private String conversationId;
  private String label;

  /** For the persistence provider. */
  public ConversationLabelRowKey() {}

  @Override
  public boolean equals(Object other) {
    return other instanceof ConversationLabelRowKey key
        && tenant.equals(key.tenant)
        && conversationId.equals(key.conversationId)
        && label.equals(key.label);
  }

  @Override
  public int hashCode() {
    return Objects.hash(tenant, conversationId, label);
  }
}
