package org.smg.history.storage.jpa.rows;

import java.io.Serializable;
import java.util.Objects;
import org.smg.history.model.Key;

/** The key of a conversation's, a response's or a feedback's row. */
public final class RowKey implements Serializable {

  private static final long serialVersionUID = 1L;

  private String tenant;
  private String id;

  /** For the persistence provider. */
  public RowKey() {}

  /** The key to search a row by; see {@link SearchValue}. */
  public static RowKey of(Key key) {
    RowKey made = new RowKey();
    Key searched = SearchValue.of(key);
    made.tenant = searched.tenant();
    made.id = searched.id();
    return made;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowKey key && tenant.equals(key.tenant) && id.equals(key.id);
  }

  @Override
  public int hashCode() {
    return Objects.hash(tenant, id);
  }
}
