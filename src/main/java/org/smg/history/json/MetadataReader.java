package org.smg.history.json;

import java.util.LinkedHashMap;
import java.util.Map;
import org.smg.history.model.Metadata;

/** Reads metadata: an object of strings, or null for none. */
public final class MetadataReader {

  private MetadataReader() {}

  public static Metadata read(JsonInput in) {
    if (in.atNull()) {
      return Metadata.NONE;
    }
    if (!in.atObject()) {
      throw in.wrongType("a metadata object");
    }
    in.enterObject();
    Map<String, String> entries = new LinkedHashMap<>();
    for (String key = in.nextMember(); key != null; key = in.nextMember()) {
      if (entries.put(key, in.string()) != null) {
        throw in.invalid("invalid_value", "the key comes twice.");
      }
    }
    return new Metadata(entries);
  }
}
