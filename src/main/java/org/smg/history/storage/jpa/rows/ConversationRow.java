package org.smg.history.storage.jpa.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.smg.history.model.Conversation;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;

/** A conversation, without its items. */
@Entity
@Table(name = "conversations")
@IdClass(RowKey.class)
public class ConversationRow {

  /** The query for the columns of one conversation that was last updated since a time. */
  public static final String BY_KEY =
      """
      SELECT r.owner, r.createdAt, r.updatedAt, r.metadata FROM ConversationRow r
      WHERE r.tenant = :tenant AND r.id = :id AND r.updatedAt >= :since
      """;

  @Id private String tenant;
  @Id private String id;
  private String owner;

  @Column(name = "created_at")
  private long createdAt;

  @Column(name = "updated_at")
  private long updatedAt;

  private Metadata metadata;

  /** For the persistence provider. */
  protected ConversationRow() {}

  public Conversation conversation() {
    return new Conversation(
        new Key(tenant, id),
        owner,
        EpochMicros.toInstant(createdAt),
        EpochMicros.toInstant(updatedAt),
        metadata);
  }

  /**
   * @param columns what {@link #BY_KEY} reads
   */
  public static Conversation conversation(Key key, Object[] columns) {
    return new Conversation(
        key,
        (String) columns[0],
        EpochMicros.toInstant((Long) columns[1]),
        EpochMicros.toInstant((Long) columns[2]),
        (Metadata) columns[3]);
  }
}
