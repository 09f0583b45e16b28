package org.smg.history.storage.jpa.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.smg.history.model.Feedback;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Rating;
import org.smg.history.model.Scope;

/** Feedback about a response. */
@Entity
@Table(name = "feedback")
@IdClass(RowKey.class)
public class FeedbackRow {

  /** The query for one feedback. */
  public static final String BY_KEY =
      "SELECT r FROM FeedbackRow r WHERE r.tenant = :tenant AND r.id = :id";

  /** The condition, by the row's alias, that its response was recorded since a time. */
  public static final String RESPONSE_RETAINED =
      """
      EXISTS (SELECT p.id FROM ResponseRow p WHERE p.tenant = %1$s.tenant
              AND p.id = %1$s.responseId AND p.recordedAt >= :since)""";

  /** The query for one feedback whose response was recorded since a time. */
  public static final String BY_KEY_RETAINED = BY_KEY + " AND " + RESPONSE_RETAINED.formatted("r");

  @Id private String tenant;
  @Id private String id;
  private String owner;

  @Column(name = "response_id")
  private String responseId;

  @Column(name = "conversation_id")
  private String conversationId;

  private String model;
  private String rating;

  @Column(name = "comment_text")
  private String comment;

  private String author;
  private Metadata metadata;

  @Column(name = "created_at")
  private long createdAt;

  /** For the persistence provider. */
  protected FeedbackRow() {}

  /** Whether the scope includes it; the caller has made sure that the tenant is the scope's. */
  public boolean isIn(Scope scope) {
    return scope.includes(owner);
  }

  public Feedback feedback() {
    return new Feedback(
        new Key(tenant, id),
        owner,
        responseId,
        conversationId,
        model,
        EnumColumns.toEnum(Rating.class, rating),
        JsonStrings.unquote(comment),
        author,
        metadata,
        EpochMicros.toInstant(createdAt));
  }
}
