package org.smg.history.storage.jpa;

import java.io.Serializable;
import java.util.Objects;
import org.smg.history.model.Key;

/** The key of a row that is one conversation, response or feedback. */
public final class RowKey implements Serializable {

  private static final long serialVersionUID = 1L;

  private String tenant;
  private String id;

  /** For the persistence provider. */
  public RowKey() {}

  static RowKey of(Key key) {
    RowKey made = new RowKey();
    Key wanted = Texts.wanted(key);
    made.tenant = wanted.tenant();
    made.id = wanted.id();
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
