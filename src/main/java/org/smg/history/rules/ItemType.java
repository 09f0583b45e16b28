package org.smg.history.rules;

import java.util.Map;

/**
 * What is completed in an item that lacks it (api.md, section 4.3). Types that are not listed are
 * stored all the same: a new type needs no change here.
 *
 * @param prefix of the ids that are made for items of the type
 * @param hasStatus whether every stored item of the type shows a {@code status}
 */
public record ItemType(String prefix, boolean hasStatus) {

  public static final String MESSAGE = "message";

  private static final ItemType OTHER = new ItemType("item", false);

  private static final Map<String, ItemType> KNOWN =
      Map.ofEntries(
          Map.entry(MESSAGE, new ItemType("msg", true)),
          Map.entry("function_call", new ItemType("fc", true)),
          Map.entry("function_call_output", new ItemType("fc", true)),
          Map.entry("file_search_call", new ItemType("fs", true)),
          Map.entry("web_search_call", new ItemType("ws", true)),
          Map.entry("computer_call", new ItemType("cu", true)),
          Map.entry("computer_call_output", new ItemType("cuo", true)),
          Map.entry("image_generation_call", new ItemType("ig", true)),
          Map.entry("code_interpreter_call", new ItemType("ci", true)),
          Map.entry("reasoning", new ItemType("rs", false)),
          Map.entry("local_shell_call", new ItemType("lsh", true)),
          Map.entry("shell_call", new ItemType("sh", true)),
          Map.entry("shell_call_output", new ItemType("sho", true)),
          Map.entry("apply_patch_call", new ItemType("apc", true)),
          Map.entry("apply_patch_call_output", new ItemType("apco", true)),
          Map.entry("mcp_list_tools", new ItemType("mcpl", false)),
          Map.entry("mcp_approval_request", new ItemType("mcpr", false)),
          Map.entry("mcp_call", new ItemType("mcp", false)),
          Map.entry("custom_tool_call", new ItemType("ctc", true)),
          Map.entry("custom_tool_call_output", new ItemType("ctco", true)),
          Map.entry("tool_search_call", new ItemType("tsc", true)),
          Map.entry("tool_search_output", new ItemType("tso", true)),
          Map.entry("compaction", new ItemType("cmp", false)));

  public static ItemType of(String type) {
    return KNOWN.getOrDefault(type, OTHER);
  }
}
