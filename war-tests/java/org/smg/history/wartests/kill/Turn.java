package org.smg.history.wartests.kill;

/**
 * One turn of a conversation, which is repeated until it is acknowledged.
 *
 * @param number counted from 0 in its conversation
 */
record Turn(String conversation, int number) {

  /** How many items of its own a turn has: two of the prompt, two of the answer. */
  static final int ITEMS = 4;

  /** One word that begins all of the turn's texts, also those that the model makes. */
  String name() {
    return conversation + "-" + number;
  }

  /** Most turns are streams. */
  boolean isStream() {
    return number % 4 != 3;
  }

  String body() {
    return """
        {"model": "echo", "conversation": "%s", "stream": %s, "input": [
          {"type": "message", "role": "user", "content": "%s asks"},
          {"type": "message", "role": "user", "content": "%s asks on"}]}
        """
        .formatted(conversation, isStream(), name(), name());
  }
}
