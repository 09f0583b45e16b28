package org.smg.history.storage.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One run of a script. On a Cluster its keys lie in one slot. */
record Call(Script script, List<byte[]> keys, List<byte[]> args) {

  static Call of(Script script, String... keys) {
    return new Call(
        script, new ArrayList<>(Arrays.stream(keys).map(Call::bytes).toList()), new ArrayList<>());
  }

  Call key(String key) {
    keys.add(bytes(key));
    return this;
  }

  Call with(String... values) {
    Arrays.stream(values).map(Call::bytes).forEach(args::add);
    return this;
  }

  Call with(byte[] value) {
    args.add(value);
    return this;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
