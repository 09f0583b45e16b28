package org.smg.history.gateway;

import java.util.Locale;

/**
 * Why there is no answer of the model server. The message is for callers.
 *
 * @param code a stable word for programs
 * @param message what happened, and whose fault it is
 * @param asked whether the model server may have begun to work. SDKs repeat requests that fail, and
 *     each repetition is paid for
 */
public record ModelServerFailure(Code code, String message, boolean asked) {

  /** What a program can tell apart. */
  public enum Code {
    /** It could not be reached, broke off, or answered what is no answer. */
    MODEL_SERVER_ERROR(502),
    /** It took too long. */
    MODEL_SERVER_TIMEOUT(504),
    /** It is this service that ends. */
    SERVICE_STOPPING(503),
    /** The answer was there and could not be stored. */
    HISTORY_UNAVAILABLE(503),
    /** Somebody has ended the response while it was made. */
    RESPONSE_ENDED(409),
    /** Nobody waits for it any more. */
    CALLER_HUNG_UP(499);

    private final int status;

    Code(int status) {
      this.status = status;
    }

    /** Of an answer that has not begun. */
    public int status() {
      return status;
    }

    /** As it is answered. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static ModelServerFailure unreachable() {
    return new ModelServerFailure(
        Code.MODEL_SERVER_ERROR, "The model server cannot be reached.", false);
  }

  static ModelServerFailure notAsked() {
    return new ModelServerFailure(
        Code.MODEL_SERVER_ERROR, "The request cannot be sent to the model server.", false);
  }

  static ModelServerFailure brokenOff() {
    return new ModelServerFailure(
        Code.MODEL_SERVER_ERROR, "The model server broke off its answer.", true);
  }

  static ModelServerFailure status(int status) {
    return new ModelServerFailure(
        Code.MODEL_SERVER_ERROR,
        "The model server answered with the status %d.".formatted(status),
        true);
  }

  static ModelServerFailure refused(int status) {
    return new ModelServerFailure(
        Code.MODEL_SERVER_ERROR,
        "The model server refused the request with the status %d.".formatted(status),
        true);
  }

  static ModelServerFailure reported(String message) {
    return new ModelServerFailure(
        Code.MODEL_SERVER_ERROR, "The model server failed: %s".formatted(message), true);
  }

  static ModelServerFailure itemTaken() {
    return new ModelServerFailure(
        Code.MODEL_SERVER_ERROR,
        "The model server answered with an item whose id the conversation has got meanwhile.",
        true);
  }

  static ModelServerFailure ended() {
    return new ModelServerFailure(
        Code.RESPONSE_ENDED, "The response was ended by another request while it was made.", true);
  }

  static ModelServerFailure notUnderstood() {
    return new ModelServerFailure(
        Code.MODEL_SERVER_ERROR, "The model server's answer is not JSON or not a stream.", true);
  }

  static ModelServerFailure tooLong(int mostBytes) {
    return new ModelServerFailure(
        Code.MODEL_SERVER_ERROR,
        "The model server's answer is longer than %d bytes.".formatted(mostBytes),
        true);
  }

  static ModelServerFailure stopping() {
    return new ModelServerFailure(Code.SERVICE_STOPPING, "This service is being stopped.", true);
  }

  static ModelServerFailure notRecorded() {
    return new ModelServerFailure(
        Code.HISTORY_UNAVAILABLE,
        "The model server has answered, but the history is not available, so that the answer is not"
            + " stored.",
        true);
  }

  static ModelServerFailure hungUp() {
    return new ModelServerFailure(
        Code.CALLER_HUNG_UP, "The caller hung up before the answer was complete.", true);
  }

  static ModelServerFailure timeout() {
    return new ModelServerFailure(
        Code.MODEL_SERVER_TIMEOUT, "The model server took too long to answer.", true);
  }
}
