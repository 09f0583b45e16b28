package org.smg.history.storage.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One run of a script, with its keys and arguments. On a Cluster its keys are in one slot. */
record ScriptCall(Script script, List<byte[]> keys, List<byte[]> args) {

  static ScriptCall of(Script script, String... keys) {
    ScriptCall call = new ScriptCall(script, new ArrayList<>(), new ArrayList<>());
    Arrays.stream(keys).forEach(call::key);
    return call;
  }

  ScriptCall key(String key) {
    keys.add(bytes(key));
    return this;
  }

  ScriptCall with(String... values) {
    Arrays.stream(values).map(ScriptCall::bytes).forEach(args::add);
    return this;
  }

  ScriptCall with(byte[] value) {
    args.add(value);
    return this;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
