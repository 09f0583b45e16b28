package org.smg.history.storage.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.smg.history.model.Feedback;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Rating;

@Entity
@Table(name = "feedback")
@IdClass(RowKey.class)
public class FeedbackRow {

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

  FeedbackRow(Feedback feedback) {
    this.tenant = feedback.key().tenant();
    this.id = feedback.key().id();
    this.owner = feedback.owner();
    this.responseId = feedback.responseId();
    this.conversationId = feedback.conversationId();
    this.model = feedback.model();
    this.rating = Texts.word(feedback.rating());
    this.comment = JsonStrings.quote(feedback.comment());
    this.author = feedback.author();
    this.metadata = feedback.metadata();
    this.createdAt = Micros.of(feedback.createdAt());
  }

  Feedback feedback() {
    return new Feedback(
        new Key(tenant, id),
        owner,
        responseId,
        conversationId,
        model,
        Texts.constant(Rating.class, rating),
        JsonStrings.unquote(comment),
        author,
        metadata,
        Micros.instant(createdAt));
  }
}
