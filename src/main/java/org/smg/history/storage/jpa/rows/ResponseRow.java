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

/** A response, without the items that were sent and answered. */
@Entity
@Table(name = "responses")
@IdClass(RowKey.class)
public class ResponseRow {

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

  /**
   * EclipseLink binds values in the alphabetical order of the fields' names, and this one must be
   * bound last: Oracle refuses a value of more than 4,000 bytes behind a CLOB (ORA-24816).
   */
  @Column(name = "json")
  private JsonText whole;

  /** For the persistence provider. */
  protected ResponseRow() {}

  public ResponseRow(StoredResponse response) {
    this.tenant = response.key().tenant();
    this.id = response.key().id();
    this.owner = response.owner();
    this.recordedAt = EpochMicros.of(response.recordedAt());
    this.createdAt = EpochMicros.of(response.createdAt());
    this.completedAt = EpochMicros.of(response.completedAt());
    this.status = EnumColumns.toColumn(response.status());
    this.model = response.model();
    this.conversationId = response.conversationId();
    this.previousResponseId = response.previousResponseId();
    this.safetyIdentifier = response.safetyIdentifier();
    this.endUser = response.user();
    this.inputTokens = response.usage().input();
    this.cachedTokens = response.usage().cached();
    this.outputTokens = response.usage().output();
    this.reasoningTokens = response.usage().reasoning();
    this.totalTokens = response.usage().total();
    this.metadata = response.metadata();
    this.fingerprint = response.fingerprint();
    this.whole = response.json();
  }

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
        whole);
  }
}
