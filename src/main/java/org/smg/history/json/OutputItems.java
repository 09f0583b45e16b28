package org.smg.history.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;

/** The items that a stored Response object holds in its {@code output}. */
public final class OutputItems {

  /**
   * An item as it stands in the response.
   *
   * @param status of the item, or null if it says none
   */
  public record Answered(Item item, String status) {}

  private OutputItems() {}

  /**
   * The item with this id, as it stands in the response.
   *
   * @param response a Response object that was read before; where it is not one, nothing is found
   */
  public static Optional<Item> find(JsonText response, String id) {
    return of(response).stream().map(Answered::item).filter(item -> id.equals(item.id())).findAny();
  }

  /**
   * All items, in order.
   *
   * @param response a Response object that was read before; where it is not one, there are none
   */
  public static List<Answered> of(JsonText response) {
    JsonInput in = new JsonInput(response.toUtf8());
    if (!in.atObject()) {
      return List.of();
    }
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      if (name.equals("output") && in.atArray()) {
        return items(response, in);
      }
      in.skip();
    }
    return List.of();
  }

  private static List<Answered> items(JsonText response, JsonInput in) {
    List<Answered> items = new ArrayList<>();
    in.enterArray();
    while (in.nextElement()) {
      int from = in.start();
      String id = null;
      String type = null;
      String status = null;
      in.enterObject();
      for (String name = in.nextMember(); name != null; name = in.nextMember()) {
        if (name.equals("id") && in.atString()) {
          id = in.string();
        } else if (name.equals("type") && in.atString()) {
          type = in.string();
        } else if (name.equals("status") && in.atString()) {
          status = in.string();
        } else {
          in.skip();
        }
      }
      JsonText json = response.part(from, in.valueEnd() - from);
      items.add(new Answered(new Item(id, type, json), status));
    }
    return items;
  }
}
