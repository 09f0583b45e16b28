package org.smg.history.model;

/**
 * Why a request could not be done. The message is written for the client: it names what is wrong
 * and what is allowed, and never holds a secret.
 */
public abstract sealed class HistoryFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private HistoryFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** The request itself is at fault; repeating it unchanged cannot help. */
  public static final class Invalid extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    private final String param;
    private final String code;

    /**
     * @param param the path of the member or parameter at fault, or null
     * @param code a stable word for programs, or null
     */
    public Invalid(String param, String code, String message) {
      super(message, null);
      this.param = param;
      this.code = code;
    }

    public String param() {
      return param;
    }

    public String code() {
      return code;
    }
  }

  /** It is not known who makes the request. */
  public static final class Unauthenticated extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    private final boolean credentialSent;

    /**
     * @param credentialSent whether a credential came with the request, which does not count
     */
    public Unauthenticated(boolean credentialSent, String message) {
      super(message, null);
      this.credentialSent = credentialSent;
    }

    public boolean credentialSent() {
      return credentialSent;
    }
  }

  /** The caller may not do this, whatever is stored. */
  public static final class Forbidden extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code a stable word for programs
     */
    public Forbidden(String code, String message) {
      super(message, null);
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /** What the request names is not stored. */
  public static final class NotFound extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    private final String param;

    private NotFound(String param, String message) {
      super(message, null);
      this.param = param;
    }

    public static NotFound conversation(String id) {
      return new NotFound(null, "Conversation with id '" + id + "' not found.");
    }

    public static NotFound itemInConversation(String id) {
      return new NotFound(null, "Item with id '" + id + "' not found in conversation.");
    }

    public static NotFound response(String id) {
      return new NotFound(null, "Response with id '" + id + "' not found.");
    }

    public static NotFound feedback(String id) {
      return new NotFound(null, "Feedback with id '" + id + "' not found.");
    }

    /** A cursor that is no entry of the list that is paged through. */
    public static NotFound cursor(String noun, String id) {
      return new NotFound("after", "No " + noun + " found with id '" + id + "'");
    }

    /** The same failure where another parameter named what is missing. */
    public NotFound namedBy(String otherParam) {
      return new NotFound(otherParam, getMessage());
    }

    /** The parameter that named what is missing, or null where it was the path. */
    public String param() {
      return param;
    }
  }

  /** An item reference that points at nothing stored. */
  public static final class UnknownReference extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    private final String param;

    public UnknownReference(String itemId) {
      this(null, "Item with id '" + itemId + "' not found.");
    }

    private UnknownReference(String param, String message) {
      super(message, null);
      this.param = param;
    }

    /** The same failure where it is known which parameter held the reference. */
    public UnknownReference namedBy(String holder) {
      return new UnknownReference(holder, getMessage());
    }

    /** The parameter that held the reference, or null where that is not known. */
    public String param() {
      return param;
    }
  }

  /** An item's id is in the conversation already, or twice in what is appended. */
  public static final class ItemAlreadyInConversation extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    private final String itemId;

    public ItemAlreadyInConversation(String itemId) {
      super("Item already in conversation", null);
      this.itemId = itemId;
    }

    public String itemId() {
      return itemId;
    }
  }

  /** A response of this id is recorded already, with other content. */
  public static final class ResponseAlreadyRecorded extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    public ResponseAlreadyRecorded(String id) {
      super("Response with id '" + id + "' is recorded already, with another body.", null);
    }
  }

  /** The conversation is being answered by another request. */
  public static final class ConversationLocked extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    public ConversationLocked(String id) {
      super(
          "Another process is currently operating on this conversation '%s'. Please retry in a few seconds."
              .formatted(id),
          null);
    }
  }

  /** A response that is still being made cannot be deleted. */
  public static final class ResponseInProgress extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    public ResponseInProgress() {
      super("Cannot delete an in-flight response.", null);
    }
  }

  /** A response is not, or no longer, being made by whoever wants to finish it. */
  public static final class RunEnded extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    public RunEnded(String id) {
      super("Response with id '" + id + "' has been ended by another request.", null);
    }
  }

  /** The history of a conversation and the input are together more than may be sent to a model. */
  public static final class ContextTooLong extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    /**
     * @param mostBytes how many are allowed
     */
    public ContextTooLong(long mostBytes) {
      super(
          "The input and what was said before have more than %d bytes, which is what may be sent to the model server."
              .formatted(mostBytes),
          null);
    }
  }

  /** A write's idempotency key has been used already; nothing was written. */
  public static final class IdempotencyKeyUsed extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    public IdempotencyKeyUsed() {
      super("The idempotency key has been used already.", null);
    }
  }

  /** A request with the same idempotency key is still being carried out. */
  public static final class InProgress extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    public InProgress() {
      super(
          "A request with this Idempotency-Key is being carried out. Repeat it in a second to get its"
              + " answer.",
          null);
    }
  }

  /** For a request with the same idempotency key a response is still being made. */
  public static final class RunInProgress extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    public RunInProgress() {
      super(
          "A response is being made for this Idempotency-Key. Repeat the request when it is there.",
          null);
    }
  }

  /** A chain of responses leads back into itself. */
  public static final class ChainCycle extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    public ChainCycle(String id) {
      super("The chain of response '" + id + "' leads back into itself.", null);
    }
  }

  /** So little meets a filter that too much would have to be looked at to find it. */
  public static final class FilterTooBroad extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    /**
     * @param most how many entries a filter may look at
     */
    public FilterTooBroad(int most) {
      super(
          ("The filter is too broad: too few of %d entries meet it. Narrow it by a range of time,"
                  + " or by a conversation, a user, a safety identifier or a response.")
              .formatted(most),
          null);
    }
  }

  /** The backend cannot be reached or cannot answer now; the same request may succeed later. */
  public static final class Unavailable extends HistoryFailure {

    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
