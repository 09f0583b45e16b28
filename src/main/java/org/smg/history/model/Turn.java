package org.smg.history.model;

import java.util.List;

/**
 * A response together with what it brings into its conversation; recorded whole or not at all.
 *
 * @param input the items that were sent to the model, in order
 * @param output the items that it answered with, in order
 */
public record Turn(StoredResponse response, List<ItemInput> input, List<Item> output) {

  public Turn {
    input = List.copyOf(input);
    output = List.copyOf(output);
  }

  /** Whether input and output are appended to the response's conversation. */
  public boolean appends() {
    return response.conversationId() != null && response.status().appends();
  }
}
