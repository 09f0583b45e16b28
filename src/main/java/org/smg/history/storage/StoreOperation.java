package org.smg.history.storage;

/** What is asked of the stores, as figures and logs name it. */
public enum StoreOperation {
  CONVERSATION_GET("conversation", "get"),
  CONVERSATION_PUT("conversation", "put"),
  CONVERSATION_DELETE("conversation", "delete"),
  CONVERSATION_LIST("conversation", "list"),
  ITEM_GET("conversation_item", "get"),
  ITEM_PUT("conversation_item", "put"),
  ITEM_DELETE("conversation_item", "delete"),
  ITEM_LIST("conversation_item", "list"),
  RESPONSE_GET("response", "get"),
  RESPONSE_PUT("response", "put"),
  RESPONSE_DELETE("response", "delete"),
  RESPONSE_LIST("response", "list"),
  FEEDBACK_GET("feedback", "get"),
  FEEDBACK_PUT("feedback", "put"),
  FEEDBACK_DELETE("feedback", "delete"),
  FEEDBACK_LIST("feedback", "list");

  private final String storageType;
  private final String operation;

  StoreOperation(String storageType, String operation) {
    this.storageType = storageType;
    this.operation = operation;
  }

  /**
   * The noun: {@code conversation}, {@code conversation_item}, {@code response}, {@code feedback}.
   */
  public String storageType() {
    return storageType;
  }

  /** The verb: {@code get}, {@code put}, {@code delete}, {@code list}. */
  public String operation() {
    return operation;
  }
}
