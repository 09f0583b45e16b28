package org.smg.history.rules;

import java.util.List;
import org.smg.history.json.responses.ResponseRequest;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;

/**
 * A response that somebody wants to have made.
 *
 * @param key under which it is made once
 * @param mostBytes how long the request to the model server may be
 * @param server which is to make it
 */
public record RunRequest(
    Caller caller, ResponseRequest request, IdempotencyKey key, long mostBytes, String server) {

  /**
   * How many bytes are left for what was not sent with the request.
   *
   * @param context what was found of it so far
   * @throws HistoryFailure.ContextTooLong if there is more than may be sent
   */
  long left(List<Item> context) {
    long left = mostBytes - request.lengthBesidesInput();
    for (Item item : context) {
      left -= item.json().length();
    }
    if (left < 0) {
      throw new HistoryFailure.ContextTooLong(mostBytes);
    }
    return left;
  }
}
