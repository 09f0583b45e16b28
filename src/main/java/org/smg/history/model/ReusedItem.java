package org.smg.history.model;

/**
 * An item that was posted to a conversation under an id which this service made earlier. It stands
 * for the content that is stored under the id in the caller's scope, as at OpenAI; where there is
 * none, its own content is stored.
 *
 * @param sent the item as it was posted
 */
public record ReusedItem(Item sent) implements ItemInput {

  @Override
  public String id() {
    return sent.id();
  }
}
