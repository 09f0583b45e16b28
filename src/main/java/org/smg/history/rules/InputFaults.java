package org.smg.history.rules;

import java.util.function.Supplier;
import org.smg.history.model.HistoryFailure;

/** Says of what a store refuses in the input of a response that it was the input. */
final class InputFaults {

  private InputFaults() {}

  static <T> T named(Supplier<T> step) {
    try {
      return step.get();
    } catch (HistoryFailure.UnknownReference unknown) {
      throw unknown.namedBy("input");
    } catch (HistoryFailure.ItemAlreadyInConversation duplicate) {
      throw duplicate(duplicate.itemId());
    }
  }

  static HistoryFailure.Invalid duplicate(String itemId) {
    return new HistoryFailure.Invalid(
        "input",
        null,
        "Duplicate item found with id %s. Remove duplicate items from your input and try again."
            .formatted(itemId));
  }
}
