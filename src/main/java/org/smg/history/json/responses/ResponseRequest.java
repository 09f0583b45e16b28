package org.smg.history.json.responses;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.smg.history.json.ItemDraft;
import org.smg.history.json.ItemDrafts;
import org.smg.history.json.JsonInput;
import org.smg.history.json.Span;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Metadata;

/**
 * A request to make a response. Only what this service acts on is looked into; everything else is
 * the model server's to judge, and is sent to it as it stands in the body.
 */
public final class ResponseRequest {

  private final RequestReader members;

  private ResponseRequest(RequestReader members) {
    this.members = members;
  }

  /**
   * @param mostItems how many items of the input are read; the rest is only counted
   * @throws HistoryFailure.Invalid if the body is no JSON object, lacks what every request has, or
   *     has a member of a wrong type among those that are read
   */
  public static ResponseRequest of(byte[] body, int mostItems) {
    RequestReader request = new RequestReader(body, mostItems);
    try {
      request.read();
    } catch (HistoryFailure.Invalid fault) {
      // What is missing is told before what is wrong.
      RequestReader names = new RequestReader(body, mostItems);
      names.readNames();
      checkPresence(names);
      throw fault;
    }
    checkPresence(request);
    if (request.inBackground) {
      throw new HistoryFailure.Invalid(
          "background",
          "unsupported_parameter",
          "Unsupported parameter: 'background'. No response is made in the background here.");
    }
    return new ResponseRequest(request);
  }

  /** The record of a request in another protocol, which may lack what a request has here. */
  public static ResponseRequest ofRecord(byte[] body, int mostItems) {
    RequestReader request = new RequestReader(body, mostItems);
    request.read();
    return new ResponseRequest(request);
  }

  private static void checkPresence(RequestReader request) {
    if (request.model == null && !request.hasPrompt) {
      throw JsonInput.missing("model");
    }
    if (!request.hasInput && !request.hasOtherSource()) {
      throw JsonInput.missing("input");
    }
  }

  /** Refuses a request that asks nothing. To be called when what it names has been found. */
  public void checkInput() {
    if (members.input.count() == 0 && !members.hasOtherSource()) {
      throw new HistoryFailure.Invalid(
          null,
          "missing_required_parameter",
          "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation' must be"
              + " provided.");
    }
  }

  /** Whether the response is to be kept. */
  public boolean isStored() {
    return members.stored;
  }

  /** Whether the answer is to be a stream of events. */
  public boolean streams() {
    return members.streams;
  }

  /** Null where a prompt template names the model. */
  public String model() {
    return members.model;
  }

  /** Null where there is none. */
  public String conversationId() {
    return members.conversationId;
  }

  /** Where the conversation's id stands: {@code conversation} or {@code conversation.id}. */
  public String conversationPath() {
    return members.conversationPath;
  }

  /** Null where there is none. */
  public String previousResponseId() {
    return members.previousResponseId;
  }

  /** May be null. */
  public String safetyIdentifier() {
    return members.safetyIdentifier;
  }

  /** May be null. */
  public String user() {
    return members.user;
  }

  public Metadata metadata() {
    return members.metadata;
  }

  /** The items that are asked about. */
  public ItemDrafts input() {
    return members.input;
  }

  /** How many bytes of the request are not its input. */
  public int lengthBesidesInput() {
    return members.body().length - members.inputLength;
  }

  /**
   * What a Response object says of this request.
   *
   * @param createdAt in seconds since 1970
   */
  public ResponseDescription described(String id, long createdAt) {
    return ResponseDescription.of(members, id, createdAt);
  }

  /**
   * The request as it is sent to the model server: the context stands before the input, what is
   * this service's own is left out, and nothing is to be stored there.
   *
   * @param context what was said before, in order
   * @param input the items of {@link #input}, with stored content in the place of what stood for it
   */
  public byte[] sent(List<Item> context, List<Item> input) {
    int length = members.body().length;
    for (Item item : context) {
      length += item.json().length();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + length / 8);
    write(out, "{\"store\":false");
    List<Span> sent = members.sent;
    for (int i = 0; i <= sent.size(); i++) {
      if (i == members.sentBeforeInput && (members.hasInput || !context.isEmpty())) {
        write(out, ",\"input\":");
        writeInput(out, context, input);
      }
      if (i < sent.size()) {
        out.write(',');
        write(out, sent.get(i));
      }
    }
    out.write('}');
    return out.toByteArray();
  }

  private void writeInput(ByteArrayOutputStream out, List<Item> context, List<Item> input) {
    if (members.text != null && context.isEmpty()) {
      write(out, members.text);
      return;
    }
    out.write('[');
    String separator = "";
    for (Item item : context) {
      write(out, separator);
      out.writeBytes(item.json().toUtf8());
      separator = ",";
    }
    for (int i = 0; i < input.size(); i++) {
      write(out, separator);
      writeItem(out, members.input.drafts().get(i), input.get(i));
      separator = ",";
    }
    out.write(']');
  }

  private void writeItem(ByteArrayOutputStream out, ItemDraft sent, Item stored) {
    if (members.text != null) {
      write(out, "{\"role\":\"user\",\"content\":");
      write(out, members.text);
      out.write('}');
    } else if (sent.isReference()) {
      out.writeBytes(stored.json().toUtf8());
    } else {
      write(out, sent.span());
    }
  }

  private static void write(ByteArrayOutputStream out, String json) {
    out.writeBytes(json.getBytes(UTF_8));
  }

  private void write(ByteArrayOutputStream out, Span span) {
    out.write(members.body(), span.from(), span.to() - span.from());
  }
}
