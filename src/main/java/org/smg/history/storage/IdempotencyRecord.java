package org.smg.history.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is kept of a POST with an idempotency key, so that its repeat changes nothing and gets the
 * same answer. It holds no content: the answer is made again of the repeat's body and these ids.
 *
 * @param keyHash identifies the key and its user within the tenant; 64 hexadecimal digits
 * @param requestHash identifies path and body; 64 hexadecimal digits
 * @param owner the user who sent it, or null
 * @param status the answer's HTTP status
 * @param ids of what the request made or added, in order
 * @param recordedAt when it was carried out
 */
public record IdempotencyRecord(
    String keyHash,
    String requestHash,
    String owner,
    int status,
    List<String> ids,
    Instant recordedAt) {

  /** How long a key is known. */
  public static final Duration LIFETIME = Duration.ofHours(24);

  public IdempotencyRecord {
    ids = List.copyOf(ids);
  }
}
