package org.smg.history.storage;

import static java.util.stream.Collectors.joining;

import java.util.List;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TokenUsage;
import org.smg.history.model.Turn;

/** A turn to record: completed, in no conversation, with no items, unless told otherwise. */
public final class TurnBuilder {

  private final Key key;
  private final String owner;
  private long created;
  private long recorded = 1;
  private ResponseStatus status = ResponseStatus.COMPLETED;
  private String model = "model";
  private String conversationId;
  private String previousResponseId;
  private String safetyIdentifier = "safety";
  private String user = "user";
  private Metadata metadata = Metadata.NONE;
  private String fingerprint = "fingerprint";
  private JsonText json;
  private List<ItemInput> input = List.of();
  private List<Item> output = List.of();

  public TurnBuilder(Key key, String owner) {
    this.key = key;
    this.owner = owner;
  }

  public TurnBuilder in(Key conversation) {
    conversationId = conversation.id();
    return this;
  }

  public TurnBuilder after(String responseId) {
    previousResponseId = responseId;
    return this;
  }

  public TurnBuilder created(long micros) {
    created = micros;
    return this;
  }

  public TurnBuilder recorded(long micros) {
    recorded = micros;
    return this;
  }

  public TurnBuilder status(ResponseStatus ended) {
    status = ended;
    return this;
  }

  public TurnBuilder model(String name) {
    model = name;
    return this;
  }

  public TurnBuilder safetyIdentifier(String identifier) {
    safetyIdentifier = identifier;
    return this;
  }

  public TurnBuilder user(String name) {
    user = name;
    return this;
  }

  public TurnBuilder metadata(Metadata labels) {
    metadata = labels;
    return this;
  }

  public TurnBuilder fingerprint(String print) {
    fingerprint = print;
    return this;
  }

  public TurnBuilder json(JsonText text) {
    json = text;
    return this;
  }

  public TurnBuilder input(ItemInput... items) {
    input = List.of(items);
    return this;
  }

  public TurnBuilder output(Item... items) {
    output = List.of(items);
    return this;
  }

  public StoredResponse response() {
    return new StoredResponse(
        key,
        owner,
        Samples.at(recorded),
        Samples.at(created),
        Samples.at(created + 1),
        status,
        model,
        conversationId,
        previousResponseId,
        safetyIdentifier,
        user,
        new TokenUsage(11L, 2L, 7L, 3L, 18L),
        metadata,
        fingerprint,
        json == null ? withOutput() : json);
  }

  /** As a model server answers: the output is a part of the response. */
  private JsonText withOutput() {
    return JsonText.of(
        output.stream()
            .map(item -> item.json().toString())
            .collect(joining(",", "{\"object\":\"response\",\"output\":[", "]}")));
  }

  public Turn build() {
    return new Turn(response(), input, output);
  }
}
