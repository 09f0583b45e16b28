package org.smg.history.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.smg.history.model.Conversation;
import org.smg.history.model.Feedback;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Metadata;
import org.smg.history.model.Page;
import org.smg.history.model.StoredResponse;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/** The objects that the API answers with. */
public final class JsonOutput {

  private static final JsonFactory JSON = new JsonFactory();

  private static final JsonText LIST_BEGIN = JsonText.of("{\"object\":\"list\",\"data\":[");
  private static final JsonText COMMA = JsonText.of(",");

  private JsonOutput() {}

  public static JsonBody conversation(Conversation conversation) {
    return JsonBody.of(conversationText(conversation));
  }

  public static JsonBody conversations(Page<Conversation> page) {
    return list(page, JsonOutput::conversationText, conversation -> conversation.key().id());
  }

  public static JsonBody feedback(Feedback feedback) {
    return JsonBody.of(feedbackText(feedback));
  }

  public static JsonBody feedback(Page<Feedback> page) {
    return list(page, JsonOutput::feedbackText, feedback -> feedback.key().id());
  }

  public static JsonBody items(Page<Item> page) {
    return list(page, Item::json, Item::id);
  }

  public static JsonBody responses(Page<StoredResponse> page) {
    return list(page, StoredResponse::json, response -> response.key().id());
  }

  /** Writes stored texts between the brackets of a list, without looking into them. */
  private static <T> JsonBody list(
      Page<T> page, Function<T, JsonText> json, Function<T, String> id) {
    List<T> data = page.data();
    List<JsonText> chunks = new ArrayList<>(2 * data.size() + 2);
    chunks.add(LIST_BEGIN);
    for (T entry : data) {
      if (chunks.size() > 1) {
        chunks.add(COMMA);
      }
      chunks.add(json.apply(entry));
    }
    chunks.add(
        JsonText.of(
            "],\"first_id\":%s,\"last_id\":%s,\"has_more\":%s}"
                .formatted(
                    data.isEmpty() ? null : quoted(id.apply(data.get(0))),
                    data.isEmpty() ? null : quoted(id.apply(data.get(data.size() - 1))),
                    page.hasMore())));
    return new JsonBody(chunks);
  }

  /**
   * Says that something is gone.
   *
   * @param object the object's name, such as {@code conversation.deleted}
   */
  public static JsonBody deleted(String id, String object) {
    return object(
        json -> {
          json.writeStringProperty("id", id);
          json.writeStringProperty("object", object);
          json.writeBooleanProperty("deleted", true);
        });
  }

  /**
   * Says how many objects are gone.
   *
   * @param hasMore whether the request has to be repeated to delete the others
   */
  public static JsonBody deletion(int deleted, boolean hasMore) {
    return object(
        json -> {
          json.writeStringProperty("object", "deletion");
          json.writeNumberProperty("deleted", deleted);
          json.writeBooleanProperty("has_more", hasMore);
        });
  }

  public static JsonBody retention(RetentionOutput retention) {
    return object(
        json -> {
          json.writeStringProperty("object", "retention");
          writeKind(json, "conversations", retention.conversations());
          writeKind(json, "responses", retention.responses());
          json.writeBooleanProperty("more_due", retention.moreDue());
          if (retention.lastPurge().isEmpty()) {
            json.writeNullProperty("last_purge");
          } else {
            RetentionOutput.Purge purge = retention.lastPurge().get();
            json.writeObjectPropertyStart("last_purge");
            json.writeNumberProperty("ended_at", purge.at().getEpochSecond());
            json.writeObjectPropertyStart("removed");
            json.writeNumberProperty("conversations", purge.conversations());
            json.writeNumberProperty("items", purge.items());
            json.writeNumberProperty("responses", purge.responses());
            json.writeNumberProperty("feedback", purge.feedback());
            json.writeEndObject();
            json.writeEndObject();
          }
        });
  }

  private static void writeKind(JsonGenerator json, String name, RetentionOutput.Kind kind) {
    json.writeObjectPropertyStart(name);
    kind.days()
        .ifPresentOrElse(
            days -> json.writeNumberProperty("days", days), () -> json.writeNullProperty("days"));
    kind.oldest()
        .ifPresentOrElse(
            oldest -> json.writeNumberProperty("oldest_at", oldest.getEpochSecond()),
            () -> json.writeNullProperty("oldest_at"));
    json.writeEndObject();
  }

  /** OpenAI's error object (api.md, section 7.1). Param and code may be null. */
  public static JsonBody error(String message, String type, String param, String code) {
    return object(
        json -> {
          json.writeObjectPropertyStart("error");
          json.writeStringProperty("message", wellFormed(message));
          json.writeStringProperty("type", type);
          writeOrNull(json, "param", param == null ? null : wellFormed(param));
          writeOrNull(json, "code", code);
          json.writeEndObject();
        });
  }

  /** A string as JSON, quotes included. */
  public static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
  }

  private static JsonText conversationText(Conversation conversation) {
    return text(
        json -> {
          json.writeStringProperty("id", conversation.key().id());
          json.writeStringProperty("object", "conversation");
          json.writeNumberProperty("created_at", conversation.createdAt().getEpochSecond());
          writeMetadata(json, conversation.metadata());
        });
  }

  private static JsonText feedbackText(Feedback feedback) {
    return text(
        json -> {
          json.writeStringProperty("id", feedback.key().id());
          json.writeStringProperty("object", "feedback");
          json.writeNumberProperty("created_at", feedback.createdAt().getEpochSecond());
          json.writeStringProperty("response_id", feedback.responseId());
          writeOrNull(json, "conversation_id", feedback.conversationId());
          writeOrNull(json, "model", feedback.model());
          json.writeStringProperty("rating", EnumNames.of(feedback.rating()));
          writeOrNull(json, "comment", feedback.comment());
          writeOrNull(json, "author", feedback.author());
          writeMetadata(json, feedback.metadata());
        });
  }

  private static void writeMetadata(JsonGenerator json, Metadata metadata) {
    json.writeObjectPropertyStart("metadata");
    metadata.entries().forEach(json::writeStringProperty);
    json.writeEndObject();
  }

  private static void writeOrNull(JsonGenerator json, String name, String value) {
    if (value == null) {
      json.writeNullProperty(name);
    } else {
      json.writeStringProperty(name, value);
    }
  }

  private interface Members {
    void write(JsonGenerator json);
  }

  private static JsonBody object(Members members) {
    return JsonBody.of(text(members));
  }

  private static JsonText text(Members members) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    }
    return JsonText.ofUtf8(out.toByteArray());
  }

  /** Half a surrogate pair, which an error may quote from a body, cannot be written. */
  private static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
