package org.smg.history.storage.redis.script;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;

/** One run of a script, with its keys and arguments. On a Cluster its keys are in one slot. */
public record ScriptCall(Script script, List<byte[]> keys, List<byte[]> args) {

  public static ScriptCall of(Script script, String... keys) {
    ScriptCall call = new ScriptCall(script, new ArrayList<>(), new ArrayList<>());
    Arrays.stream(keys).forEach(call::key);
    return call;
  }

  /** One command on one key. */
  public static ScriptCall command(String name, String key, String... args) {
    return of(Script.COMMAND, key).with(name).with(args);
  }

  public ScriptCall key(String key) {
    keys.add(bytes(key));
    return this;
  }

  public ScriptCall with(String... values) {
    Arrays.stream(values).map(ScriptCall::bytes).forEach(args::add);
    return this;
  }

  public ScriptCall with(byte[] value) {
    args.add(value);
    return this;
  }

  public ScriptCall with(long number) {
    return with(Long.toString(number));
  }

  /**
   * Adds a scope, as scripts compare it with an owner, and from when on something is there.
   *
   * @param horizon microseconds since 1970
   */
  public ScriptCall scope(Scope scope, long horizon) {
    return with(scope.owner() == null ? "tenant" : "owner " + scope.owner()).with(horizon);
  }

  /**
   * Adds which page of items is wanted: one item more than its limit, to know whether more follow.
   */
  public ScriptCall with(PageRequest page, String after) {
    with(Integer.toString(page.limit() + 1), page.order().name());
    return after == null ? this : with(after);
  }

  /** Adds how many names and values follow, and these; values that are null are left out. */
  public ScriptCall fields(Map<String, String> fields) {
    List<String> pairs = new ArrayList<>();
    fields.forEach(
        (name, value) -> {
          if (value != null) {
            pairs.addAll(List.of(name, value));
          }
        });
    return with(Integer.toString(pairs.size())).with(pairs.toArray(String[]::new));
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
