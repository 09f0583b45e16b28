package org.smg.history.storage.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TokenUsage;

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
   * Named to be bound last: Oracle refuses a long text that follows a very long one (ORA-24816).
   */
  @Column(name = "json")
  private JsonText whole;

  /** For the persistence provider. */
  protected ResponseRow() {}

  ResponseRow(StoredResponse response) {
    this.tenant = response.key().tenant();
    this.id = response.key().id();
    this.owner = response.owner();
    this.recordedAt = Micros.of(response.recordedAt());
    this.createdAt = Micros.of(response.createdAt());
    this.completedAt = Micros.of(response.completedAt());
    this.status = Texts.word(response.status());
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

  String previousResponseId() {
    return previousResponseId;
  }

  StoredResponse response() {
    return new StoredResponse(
        new Key(tenant, id),
        owner,
        Micros.instant(recordedAt),
        Micros.instant(createdAt),
        Micros.instant(completedAt),
        Texts.constant(ResponseStatus.class, status),
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
