package org.smg.history.rules;

import java.util.List;
import java.util.Optional;
import org.smg.history.model.Caller;
import org.smg.history.model.Item;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.IdempotencyRecord;

/**
 * A response that is being made.
 *
 * @param prompt the response as it is shown meanwhile
 * @param token proves that it is this run which ends; null where nothing is stored
 * @param context what was said before, in order
 * @param input what is asked, with stored content in the place of what stood for it
 * @param once the record of the request's idempotency key, if it had one
 */
public record Run(
    Caller caller,
    StoredResponse prompt,
    String token,
    List<Item> context,
    List<Item> input,
    Optional<IdempotencyRecord> once)
    implements RunBeginning {

  public Run {
    context = List.copyOf(context);
    input = List.copyOf(input);
  }

  /** The same with what was found out when it was begun. */
  Run asking(List<Item> before, List<Item> asked) {
    return new Run(caller, prompt, token, before, asked, once);
  }

  /** The same for who does not need the context, which may be long. */
  public Run withoutContext() {
    return asking(List.of(), input);
  }

  /** Whether the response is to be kept. */
  public boolean isStored() {
    return token != null;
  }

  public String id() {
    return prompt.key().id();
  }
}
