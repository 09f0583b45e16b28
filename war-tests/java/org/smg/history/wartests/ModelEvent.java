package org.smg.history.wartests;

/**
 * An event that a model server sends.
 *
 * @param members beside its type and number, with their commas between them
 */
record ModelEvent(String type, String members) {

  String text(int number) {
    return "event: %s\ndata: {\"type\":\"%s\",\"sequence_number\":%d,%s}\n\n"
        .formatted(type, type, number, members);
  }
}
