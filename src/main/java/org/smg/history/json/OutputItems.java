package org.smg.history.json;

import java.util.Optional;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;

/** The items that a stored Response object holds in its {@code output}. */
public final class OutputItems {

  private OutputItems() {}

  /**
   * The item with this id, as it stands in the response.
   *
   * @param response a Response object that was read before; where it is not one, nothing is found
   */
  public static Optional<Item> find(JsonText response, String id) {
    JsonInput in = new JsonInput(response.toUtf8());
    if (!in.atObject()) {
      return Optional.empty();
    }
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      if (name.equals("output") && in.atArray()) {
        return find(response, in, id);
      }
      in.skip();
    }
    return Optional.empty();
  }

  private static Optional<Item> find(JsonText response, JsonInput in, String id) {
    in.enterArray();
    while (in.nextElement()) {
      int from = in.start();
      String foundId = null;
      String type = null;
      in.enterObject();
      for (String name = in.nextMember(); name != null; name = in.nextMember()) {
        if (name.equals("id") && in.atString()) {
          foundId = in.string();
        } else if (name.equals("type") && in.atString()) {
          type = in.string();
        } else {
          in.skip();
        }
      }
      if (id.equals(foundId)) {
        JsonText json = response.part(from, in.valueEnd() - from);
        return Optional.of(new Item(id, type, json));
      }
    }
    return Optional.empty();
  }
}
