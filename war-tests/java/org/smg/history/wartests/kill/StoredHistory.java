package org.smg.history.wartests.kill;

import java.util.List;
import java.util.Map;

/**
 * What the service shows in the end.
 *
 * @param items by conversation, oldest first
 * @param responses of all these conversations
 */
record StoredHistory(Map<String, List<Item>> items, List<Response> responses) {

  /**
   * @param text of the first part of a message or of a thought
   */
  record Item(String id, String text) {}

  record Response(String id, String conversation, String status, List<String> outputIds) {}
}
