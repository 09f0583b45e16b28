package org.smg.history.storage.redis;

import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.message;

import java.util.List;
import java.util.Optional;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.TurnBuilder;

/**
 * A run with one item of input and one of output, and its steps.
 *
 * @param conversation null where it is in none
 */
record SampleRun(SampleTenant tenant, String id, Key conversation) {

  static final String SERVER = "a server";

  static final JsonText PROMPT = JsonText.of("{\"status\":\"in_progress\",\"output\":[]}");

  Item input() {
    return message("in_" + id);
  }

  Item output() {
    return message("out_" + id);
  }

  private TurnBuilder turn() {
    TurnBuilder turn = tenant.turn(id).input(input());
    return conversation == null ? turn : turn.in(conversation);
  }

  RunStore.Run run() {
    Turn prompt = turn().status(ResponseStatus.IN_PROGRESS).fingerprint("run").json(PROMPT).build();
    return new RunStore.Run(prompt.response(), prompt.input(), SERVER, "token of " + id);
  }

  Turn finished() {
    return turn().output(output()).build();
  }

  RunStore.Prompt begin() {
    return begin(1 << 20);
  }

  RunStore.Prompt begin(long mostBytes) {
    return tenant.storage().runs().begin(tenant.scope(), run(), mostBytes, Optional.empty());
  }

  StoredResponse finish() {
    return tenant.storage().runs().finish(tenant.scope(), run().token(), finished(), at(2));
  }

  Optional<StoredResponse> found() {
    return tenant.storage().responses().find(tenant.scope(), id);
  }

  /** Whether it is found where runs are looked for whose server has no lease. */
  boolean isAbandoned() {
    List<RunStore.Abandoned> abandoned = tenant.storage().runs().abandoned(10_000);
    return abandoned.contains(new RunStore.Abandoned(run().prompt(), run().token()));
  }
}
