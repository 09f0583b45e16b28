package org.smg.history.json.responses;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smg.history.json.ItemDrafts;
import org.smg.history.json.ItemReader;
import org.smg.history.json.JsonInput;
import org.smg.history.json.MetadataReader;
import org.smg.history.json.Span;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Metadata;

/** Reads a request once. What is null counts as absent. */
final class RequestReader {

  /** What is this service's own, so that the model server need not know of it. */
  private static final Set<String> NOT_SENT =
      Set.of("store", "conversation", "previous_response_id", "background");

  private final JsonInput in;
  private final int mostItems;
  private final Set<String> seen = new HashSet<>();

  /** Members that are sent, but for the input, in order. */
  final List<Span> sent = new ArrayList<>();

  /** Members that a Response object shows, by their names. */
  final Map<String, String> shown = new LinkedHashMap<>();

  ItemDrafts input = ItemDrafts.none("input");

  /** The input where it is a string, else null. */
  Span text;

  /** How many of the members that are sent stand before the input. */
  int sentBeforeInput;

  int inputLength;
  boolean hasInput;
  boolean hasPrompt;
  boolean stored = true;
  boolean streams;
  boolean inBackground;
  String model;
  String conversationId;
  String conversationPath;
  String previousResponseId;
  String safetyIdentifier;
  String user;
  Metadata metadata = Metadata.NONE;
  String metadataJson = "{}";

  RequestReader(byte[] body, int mostItems) {
    this.in = new JsonInput(body);
    this.mostItems = mostItems;
  }

  byte[] body() {
    return in.body();
  }

  /**
   * @throws HistoryFailure.Invalid if the body is no JSON object, or has a member of a wrong type
   */
  void read() {
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      int from = in.memberStart();
      int valueFrom = in.start();
      boolean isThere = !in.atNull();
      member(name);
      Span member = new Span(from, in.valueEnd());
      if (name.equals("input")) {
        sentBeforeInput = sent.size();
        inputLength = member.to() - member.from();
      } else if (!NOT_SENT.contains(name)) {
        sent.add(member);
      }
      if (isThere && ResponseDescription.SHOWN.contains(name)) {
        shown.put(name, in.raw(new Span(valueFrom, member.to())));
      }
    }
    in.end();
  }

  /**
   * Reads no more than which members are there.
   *
   * @throws HistoryFailure.Invalid if the body is no JSON object
   */
  void readNames() {
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      boolean isThere = !in.atNull();
      in.skip();
      if (isThere) {
        switch (name) {
          case "model" -> model = name;
          case "input" -> hasInput = true;
          case "prompt" -> hasPrompt = true;
          case "conversation" -> conversationId = name;
          case "previous_response_id" -> previousResponseId = name;
          default -> {
            // Nothing depends on it.
          }
        }
      }
    }
    in.end();
  }

  boolean hasOtherSource() {
    return hasPrompt || conversationId != null || previousResponseId != null;
  }

  private void member(String name) {
    switch (name) {
      case "model" -> model = text(name);
      case "user" -> user = text(name);
      case "safety_identifier" -> safetyIdentifier = text(name);
      case "previous_response_id" -> previousResponseId = text(name);
      case "conversation" -> conversation(name);
      case "store" -> stored = flag(name, true);
      case "stream" -> streams = flag(name, false);
      case "background" -> inBackground = flag(name, false);
      case "metadata" -> {
        in.refuseSecond(seen, name);
        int from = in.start();
        metadata = MetadataReader.read(in);
        if (!metadata.entries().isEmpty()) {
          metadataJson = in.raw(new Span(from, in.valueEnd()));
        }
      }
      case "input" -> input(name);
      case "prompt" -> {
        hasPrompt = !in.atNull();
        in.skip();
      }
      default -> in.skip();
    }
  }

  private String text(String name) {
    in.refuseSecond(seen, name);
    return in.stringOrNull();
  }

  private boolean flag(String name, boolean meant) {
    in.refuseSecond(seen, name);
    return in.atNull() ? meant : in.bool();
  }

  private void conversation(String name) {
    in.refuseSecond(seen, name);
    conversationPath = in.path();
    if (!in.atObject()) {
      if (!in.atNull() && !in.atString()) {
        throw in.wrongType("a string or an object");
      }
      conversationId = in.stringOrNull();
      return;
    }
    Set<String> inside = new HashSet<>();
    in.enterObject();
    for (String member = in.nextMember(); member != null; member = in.nextMember()) {
      if (member.equals("id")) {
        in.refuseSecond(inside, member);
        conversationPath = in.path();
        conversationId = in.string();
      } else {
        in.skip();
      }
    }
    if (conversationId == null) {
      throw JsonInput.missing(conversationPath + ".id");
    }
  }

  private void input(String name) {
    in.refuseSecond(seen, name);
    hasInput = !in.atNull();
    if (in.atString()) {
      text = in.skip();
      boolean isEmpty = text.to() - text.from() == "\"\"".length();
      input = isEmpty ? ItemDrafts.none(name) : new ItemReader(in).userMessage();
    } else if (in.atArray()) {
      input = new ItemReader(in).inputs(mostItems);
    } else if (hasInput) {
      throw in.wrongType("a string or an array");
    }
  }
}
