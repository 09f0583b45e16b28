package org.smg.history.rules;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.IdempotencyRecord;

/**
 * What makes a POST safe to repeat (api.md, section 1.6).
 *
 * @param value chosen by the client, or null where it sent none
 * @param requestHash identifies path and body
 */
public record IdempotencyKey(String value, String requestHash) {

  public static final String HEADER = "Idempotency-Key";

  /** Of a request that was sent without one. */
  public static final IdempotencyKey NONE = new IdempotencyKey(null, null);

  private static final int OK = 200;

  /**
   * The key of a POST.
   *
   * @param value of the header, or null if it was not sent
   * @throws HistoryFailure.Invalid if the value cannot be a key
   */
  public static IdempotencyKey of(String value, String path, byte[] body) {
    if (value == null) {
      return NONE;
    }
    if (value.isBlank()) {
      throw new HistoryFailure.Invalid(
          HEADER, "invalid_value", "Invalid '%s': a key cannot be empty.".formatted(HEADER));
    }
    Limits.checkText(HEADER, value, Limits.ID_LENGTH);
    return new IdempotencyKey(value, Digests.sha256(path + '\n', body));
  }

  boolean isSent() {
    return value != null;
  }

  /** A key belongs to its user: others of the tenant may use the same. */
  String hash(Caller caller) {
    String user = caller.user() == null ? "" : caller.user();
    return Digests.sha256(user.length() + ":" + user + value);
  }

  /** What is stored with the write, if a key was sent. */
  Optional<IdempotencyRecord> record(Caller caller, Instant at, List<String> ids) {
    return isSent()
        ? Optional.of(new IdempotencyRecord(hash(caller), requestHash, caller.user(), OK, ids, at))
        : Optional.empty();
  }
}
