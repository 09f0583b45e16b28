package org.smg.history.json.responses;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smg.history.json.Edits;
import org.smg.history.json.EnumNames;
import org.smg.history.model.JsonText;
import org.smg.history.model.StoredResponse;

/**
 * An event of a stream.
 *
 * @param json its data
 * @param response the Response object that it brings, or null
 * @param message what it says for people, or null
 */
public record AnswerEvent(String type, JsonText json, JsonText response, String message) {

  static final String CREATED = "response.created";
  static final String FAILED = "response.failed";
  private static final String ERROR = "error";

  private static final Set<String> LAST =
      Set.of("response.completed", "response.incomplete", FAILED);

  /** What SDKs know. Some of them refuse a stream with any other event. */
  private static final Set<String> KNOWN =
      Set.of(
          """
          error
          response.created
          response.queued
          response.in_progress
          response.completed
          response.failed
          response.incomplete
          response.output_item.added
          response.output_item.done
          response.content_part.added
          response.content_part.done
          response.output_text.delta
          response.output_text.done
          response.output_text.annotation.added
          response.refusal.delta
          response.refusal.done
          response.reasoning_text.delta
          response.reasoning_text.done
          response.reasoning_summary_part.added
          response.reasoning_summary_part.done
          response.reasoning_summary_text.delta
          response.reasoning_summary_text.done
          response.function_call_arguments.delta
          response.function_call_arguments.done
          response.custom_tool_call_input.delta
          response.custom_tool_call_input.done
          response.mcp_call_arguments.delta
          response.mcp_call_arguments.done
          response.mcp_call.in_progress
          response.mcp_call.completed
          response.mcp_call.failed
          response.mcp_list_tools.in_progress
          response.mcp_list_tools.completed
          response.mcp_list_tools.failed
          response.file_search_call.in_progress
          response.file_search_call.searching
          response.file_search_call.completed
          response.web_search_call.in_progress
          response.web_search_call.searching
          response.web_search_call.completed
          response.code_interpreter_call.in_progress
          response.code_interpreter_call.interpreting
          response.code_interpreter_call.completed
          response.code_interpreter_call_code.delta
          response.code_interpreter_call_code.done
          response.image_generation_call.in_progress
          response.image_generation_call.generating
          response.image_generation_call.completed
          response.image_generation_call.partial_image
          response.shell_call_command.added
          response.shell_call_command.delta
          response.shell_call_command.done
          response.shell_call_output_content.delta
          response.shell_call_output_content.done
          response.compaction.compacting
          response.audio.delta
          response.audio.done
          response.audio.transcript.delta
          response.audio.transcript.done
          """
              .split("\n"));

  /** An event of this service's own. */
  static AnswerEvent of(String type, long number, JsonText response) {
    return new AnswerEvent(
        type,
        JsonText.of(
            "{\"type\":\"%s\",\"sequence_number\":%d,\"response\":%s}"
                .formatted(type, number, response)),
        response,
        null);
  }

  /** The events of a response that is there as a whole: that it was created, and how it ended. */
  public static List<AnswerEvent> ofStored(StoredResponse response) {
    JsonText created =
        Edits.withMembers(
            response.json(),
            Map.of(
                "status", "\"in_progress\"",
                "output", "[]",
                "usage", "null",
                "completed_at", "null",
                "incomplete_details", "null"));
    String last = "response." + EnumNames.of(response.status());
    return List.of(of(CREATED, 0, created), of(last, 1, response.json()));
  }

  /** What stands behind the last event of a stream, for those who wait for it. */
  public static byte[] done() {
    return "data: [DONE]\n\n".getBytes(UTF_8);
  }

  /** Whether an event that is about an item has its id, too. */
  static boolean namesItem(String type) {
    return !type.startsWith("response.shell_call_command.");
  }

  static boolean isKnown(String type) {
    return KNOWN.contains(type);
  }

  /** Whether it ends the stream. */
  public boolean isLast() {
    return LAST.contains(type);
  }

  /** Whether the model server says that it failed, and nothing else. */
  public boolean isError() {
    return type.equals(ERROR);
  }

  /** The event as it stands in the stream. */
  public byte[] inStream() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length() + 64);
    out.writeBytes("event: %s\ndata: ".formatted(type).getBytes(UTF_8));
    for (byte next : json.toUtf8()) {
      // In JSON line ends stand between words alone, where they mean no more than spaces.
      out.write(next == '\n' || next == '\r' ? ' ' : next);
    }
    out.writeBytes("\n\n".getBytes(UTF_8));
    return out.toByteArray();
  }
}
