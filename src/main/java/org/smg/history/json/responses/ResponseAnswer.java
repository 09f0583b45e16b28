package org.smg.history.json.responses;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smg.history.json.Edits;
import org.smg.history.json.JsonInput;
import org.smg.history.json.JsonOutput;
import org.smg.history.json.MissingMembers;
import org.smg.history.json.Span;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.JsonText;

/**
 * What a model server answers to a request for a response, as a caller of this service gets it: the
 * response is named and described as it is here, and its items have the ids under which they are
 * stored. Everything else stays as it came. Used by one thread at a time.
 */
public final class ResponseAnswer {

  private final ResponseDescription description;
  private final ItemIds itemIds;
  private final ArrivedOutput arrived = new ArrivedOutput();
  private long leftEvents;

  public ResponseAnswer(ResponseDescription description, ItemIds itemIds) {
    this.description = description;
    this.itemIds = itemIds;
  }

  /**
   * Reads an answer that is no stream.
   *
   * @throws HistoryFailure.Invalid if it is no Response object
   */
  public JsonText response(byte[] json) {
    JsonInput in = new JsonInput(json);
    JsonText response = response(in, true);
    in.end();
    return response;
  }

  /**
   * @param ended whether it must tell how the model has answered
   */
  private JsonText response(JsonInput in, boolean ended) {
    int from = in.start();
    Edits edits = new Edits(in.body());
    MissingMembers missing = new MissingMembers(from);
    Map<String, String> filled = new LinkedHashMap<>(description.own());
    filled.putAll(description.shown());
    boolean hasMembers = false;
    boolean tellsEnd = false;
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      hasMembers = true;
      String own = description.own().get(name);
      if (own != null) {
        edits.replace(in.skip(), own);
        filled.remove(name);
      } else if (in.atNull()) {
        missing.isNull(name, in.skip());
      } else if (name.equals("conversation")) {
        // It is in none here, whatever the model server made of it.
        edits.replace(in.skip(), "null");
      } else {
        filled.remove(name);
        tellsEnd |= name.equals("output") || name.equals("error");
        if (name.equals("output")) {
          output(in, edits);
        } else {
          in.skip();
        }
      }
    }
    if (ended && !tellsEnd) {
      throw JsonInput.missing("output");
    }
    missing.fill(edits, filled, hasMembers);
    return edits.cut(new Span(from, in.valueEnd()));
  }

  private void output(JsonInput in, Edits edits) {
    in.enterArray();
    for (long index = 0; in.nextElement(); index++) {
      AnsweredItem item = AnsweredItem.read(in);
      String given = itemIds.of(index, item.id(), item.type());
      if (item.isRenamed(given)) {
        item.rename(given, edits);
      }
    }
  }

  /**
   * Reads an event of a stream.
   *
   * @return the event as it is to leave; empty if it is one that SDKs do not know
   * @throws HistoryFailure.Invalid if it is no event of a response
   */
  public Optional<AnswerEvent> event(byte[] data) {
    EventReader event = new EventReader(data);
    event.read();
    if (!AnswerEvent.isKnown(event.type)) {
      return Optional.empty();
    }
    AnswerEvent named = event.named(leftEvents);
    if (!named.isLast() && !named.isError()) {
      leftEvents++;
    }
    return Optional.of(named);
  }

  /**
   * What ends a stream that has failed. A stream that had no event yet begins with it.
   *
   * @param code a word for programs
   * @param message for people
   */
  public List<AnswerEvent> failedEvents(String code, String message) {
    List<AnswerEvent> events = new ArrayList<>();
    if (leftEvents == 0) {
      events.add(AnswerEvent.of(AnswerEvent.CREATED, leftEvents++, description.prompt()));
    }
    events.add(AnswerEvent.of(AnswerEvent.FAILED, leftEvents, failed(code, message)));
    return events;
  }

  /**
   * The Response object of a call that failed, with what had arrived of its output.
   *
   * @param code a word for programs
   * @param message for people
   */
  public JsonText failed(String code, String message) {
    return description.failed(code, message, arrived.json());
  }

  /** One event while it is read. */
  private final class EventReader {

    private final JsonInput in;
    private final Edits edits;
    private final MissingMembers missing;
    private final Map<String, String> filled = new LinkedHashMap<>();
    private final int from;
    private String type;
    private Span number;
    private Long index;
    private Long part;
    private String delta;
    private Span itemId;
    private String sentId;
    private AnsweredItem item;
    private JsonText response;
    private String message;

    EventReader(byte[] data) {
      in = new JsonInput(data);
      from = in.start();
      edits = new Edits(in.body());
      missing = new MissingMembers(from);
    }

    void read() {
      in.enterObject();
      for (String name = in.nextMember(); name != null; name = in.nextMember()) {
        int at = in.start();
        switch (name) {
          case "type" -> type = in.string();
          case "sequence_number" -> number = in.skip();
          case "output_index" -> index = in.countOrNull();
          case "content_index", "summary_index" -> part = in.countOrNull();
          case "delta" -> delta = in.atString() ? unquoted(in.skip()) : skipped();
          case "item_id" -> {
            sentId = in.stringOrNull();
            itemId = in.skip();
          }
          case "message" -> message = in.atString() ? in.string() : skipped();
          case "error" -> error();
          case "item" -> item = AnsweredItem.read(in);
          case "response" -> {
            response = response(in, false);
            edits.replace(new Span(at, in.valueEnd()), response);
          }
          default -> in.skip();
        }
      }
      in.end();
      if (type == null) {
        throw JsonInput.missing("type");
      }
    }

    private String unquoted(Span string) {
      return in.raw(new Span(string.from() + 1, string.to() - 1));
    }

    private void error() {
      if (!in.atObject()) {
        in.skip();
        return;
      }
      in.enterObject();
      for (String name = in.nextMember(); name != null; name = in.nextMember()) {
        if (name.equals("message") && in.atString()) {
          message = in.string();
        } else {
          in.skip();
        }
      }
    }

    private String skipped() {
      in.skip();
      return null;
    }

    AnswerEvent named(long newNumber) {
      if (number != null) {
        edits.replace(number, Long.toString(newNumber));
      } else {
        filled.put("sequence_number", Long.toString(newNumber));
      }
      nameOwner();
      if (item != null) {
        nameItem();
      }
      if (delta != null && index != null) {
        arrived.delta(type, index, part, delta);
      }
      missing.fill(edits, filled);
      return new AnswerEvent(type, edits.cut(new Span(from, in.body().length)), response, message);
    }

    /** Names the item of which the event is. */
    private void nameOwner() {
      String known = itemIds.known(index, sentId);
      if (known == null || known.equals(sentId)) {
        return;
      }
      if (itemId != null) {
        edits.replace(itemId, JsonOutput.quoted(known));
      } else if (item == null && AnswerEvent.namesItem(type)) {
        filled.put("item_id", JsonOutput.quoted(known));
      }
    }

    private void nameItem() {
      String given = itemIds.of(index, item.id(), item.type());
      if (item.isRenamed(given)) {
        item.rename(given, edits);
      }
      if (index != null && type.equals("response.output_item.done")) {
        arrived.done(index, item.named(given));
      } else if (index != null) {
        arrived.begun(index, item.named(given));
      }
    }
  }
}
