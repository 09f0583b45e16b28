package org.smg.history.storage.redis.period;

import java.time.Duration;
import org.smg.history.model.Conversation;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.redis.layout.RecordEncoding;

/**
 * How long history is kept, and what is there. Keys expire by the periods; what is due by the
 * horizon is not there, whatever its keys say.
 *
 * @param conversations from the last update on
 * @param responses from the recording on
 */
public record RetentionRule(
    RetentionPeriod conversations, RetentionPeriod responses, Horizon horizon) {

  private static final long MICROS_OF_A_MINUTE = Duration.ofMinutes(1).toNanos() / 1000;

  /** The periods by which a horizon moves. They are days, so a minute's error does not matter. */
  public static RetentionRule of(Horizon horizon) {
    long now = System.currentTimeMillis() * 1000;
    return new RetentionRule(
        period(now, horizon.conversations()), period(now, horizon.responses()), horizon);
  }

  private static RetentionPeriod period(long now, long horizon) {
    return new RetentionPeriod(
        horizon == Long.MIN_VALUE
            ? null
            : Duration.ofMinutes((now - horizon + MICROS_OF_A_MINUTE / 2) / MICROS_OF_A_MINUTE));
  }

  public RetentionRule withHorizon(Horizon other) {
    return new RetentionRule(conversations, responses, other);
  }

  public boolean includes(Conversation conversation) {
    return RecordEncoding.micros(conversation.updatedAt()) >= horizon.conversations();
  }

  public boolean includes(StoredResponse response) {
    return RecordEncoding.micros(response.recordedAt()) >= horizon.responses();
  }

  /** Until when anything is of use that conversations and responses share. */
  public RetentionPeriod longer() {
    return conversations.outlasts(responses) ? conversations : responses;
  }

  /** The same for the same options, and other for others. */
  public String name() {
    return conversations.name() + " " + responses.name();
  }
}
