package org.smg.history.storage.jpa.rows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TokenUsage;

/** A response, without what was sent to the model. */
@Entity
@Table(name = "responses")
@IdClass(RowKey.class)
public class ResponseRow {

  /** The query for one response that was recorded since a time. */
  public static final String BY_KEY =
      "SELECT r FROM ResponseRow r"
          + " WHERE r.tenant = :tenant AND r.id = :id AND r.recordedAt >= :since";

  /** The query for what feedback takes over from its response, behind the owner. */
  public static final String TAKEN_BY_FEEDBACK =
      """
      SELECT r.owner, r.conversationId, r.model FROM ResponseRow r
      WHERE r.tenant = :tenant AND r.id = :id AND r.recordedAt >= :since
      """;

  @Id private String tenant;
  @Id private String id;
  private String owner;

  @Column(name = "recorded_at")
  private long recordedAt;

  @Column(name = "created_at")
  private long createdAt;

  @Column(name = "completed_at")
  private Long completedAt;

  private String status;
  private String model;

  @Column(name = "conversation_id")
  private String conversationId;

  @Column(name = "previous_response_id")
  private String previousResponseId;

  @Column(name = "safety_identifier")
  private String safetyIdentifier;

  @Column(name = "end_user")
  private String endUser;

  @Column(name = "input_tokens")
  private Long inputTokens;

  @Column(name = "cached_tokens")
  private Long cachedTokens;

  @Column(name = "output_tokens")
  private Long outputTokens;

  @Column(name = "reasoning_tokens")
  private Long reasoningTokens;

  @Column(name = "total_tokens")
  private Long totalTokens;

  private Metadata metadata;
  private String fingerprint;

  private JsonText json;

  /** For the persistence provider. */
  protected ResponseRow() {}

  /** Whether the scope includes it; the caller has made sure that the tenant is the scope's. */
  public boolean isIn(Scope scope) {
    return scope.includes(owner);
  }

  public StoredResponse response() {
    return new StoredResponse(
        new Key(tenant, id),
        owner,
        EpochMicros.toInstant(recordedAt),
        EpochMicros.toInstant(createdAt),
        EpochMicros.toInstant(completedAt),
        EnumColumns.toEnum(ResponseStatus.class, status),
        model,
        conversationId,
        previousResponseId,
        safetyIdentifier,
        endUser,
        new TokenUsage(inputTokens, cachedTokens, outputTokens, reasoningTokens, totalTokens),
        metadata,
        fingerprint,
        json);
  }
}
