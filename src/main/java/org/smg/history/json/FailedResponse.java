package org.smg.history.json;

import java.util.LinkedHashMap;
import java.util.Map;
import org.smg.history.model.JsonText;

/** A Response object that is in progress, as it is when it has failed. */
public final class FailedResponse {

  private FailedResponse() {}

  /**
   * The same object with this end; all else stays as it is.
   *
   * @param inProgress the object of a response; has at least one member
   * @param code a word for programs
   * @param message for people
   */
  public static JsonText of(JsonText inProgress, String code, String message) {
    Map<String, String> end = new LinkedHashMap<>();
    end.put("status", "\"failed\"");
    end.put(
        "error",
        "{\"code\":%s,\"message\":%s}"
            .formatted(JsonOutput.quoted(code), JsonOutput.quoted(message)));
    return Edits.withMembers(inProgress, end);
  }
}
