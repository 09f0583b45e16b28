package org.smg.history.storage.redis;

import java.time.Instant;
import org.smg.history.model.Conversation;
import org.smg.history.model.Feedback;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Rating;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TokenUsage;

/**
 * Conversations, responses and feedback as bytes. Each record begins with its owner, so that a
 * script can tell whether it is in scope by comparing bytes (ADR 84).
 */
final class RecordEncoding {

  private static final byte[] WHOLE_TENANT = {};

  private RecordEncoding() {}

  /** What the records in scope begin with: the encoded owner, or nothing for the whole tenant. */
  static byte[] scope(Scope scope) {
    return scope.owner() == null
        ? WHOLE_TENANT
        : BinaryFormat.encode(out -> BinaryFormat.writeText(out, scope.owner()));
  }

  /** The owner of any record, or null. */
  static String owner(byte[] record) {
    return BinaryFormat.decode(record, BinaryFormat::readText);
  }

  /** What never changes about a conversation: its owner and its creation. */
  static byte[] origin(Conversation conversation) {
    return BinaryFormat.encode(
        out -> {
          BinaryFormat.writeText(out, conversation.owner());
          BinaryFormat.writeInstant(out, conversation.createdAt());
        });
  }

  static byte[] metadata(Metadata metadata) {
    return BinaryFormat.encode(out -> BinaryFormat.writeMetadata(out, metadata));
  }

  static byte[] instant(Instant instant) {
    return BinaryFormat.encode(out -> BinaryFormat.writeInstant(out, instant));
  }

  static Conversation conversation(Key key, byte[] origin, byte[] metadata, byte[] updatedAt) {
    return BinaryFormat.decode(
        origin,
        in ->
            new Conversation(
                key,
                BinaryFormat.readText(in),
                BinaryFormat.readInstant(in),
                BinaryFormat.decode(updatedAt, BinaryFormat::readInstant),
                BinaryFormat.decode(metadata, BinaryFormat::readMetadata)));
  }

  /** All of a response but its tenant and JSON. */
  static byte[] description(StoredResponse response) {
    return BinaryFormat.encode(
        out -> {
          BinaryFormat.writeText(out, response.owner());
          BinaryFormat.writeInstant(out, response.recordedAt());
          BinaryFormat.writeInstant(out, response.createdAt());
          BinaryFormat.writeInstant(out, response.completedAt());
          out.writeUTF(response.status().name());
          BinaryFormat.writeText(out, response.model());
          BinaryFormat.writeText(out, response.conversationId());
          BinaryFormat.writeText(out, response.previousResponseId());
          BinaryFormat.writeText(out, response.safetyIdentifier());
          BinaryFormat.writeText(out, response.user());
          BinaryFormat.writeNumber(out, response.usage().input());
          BinaryFormat.writeNumber(out, response.usage().cached());
          BinaryFormat.writeNumber(out, response.usage().output());
          BinaryFormat.writeNumber(out, response.usage().reasoning());
          BinaryFormat.writeNumber(out, response.usage().total());
          BinaryFormat.writeMetadata(out, response.metadata());
          out.writeUTF(response.fingerprint());
          out.writeUTF(response.key().id());
        });
  }

  static StoredResponse response(String tenant, byte[] description, byte[] json) {
    return BinaryFormat.decode(
        description,
        in -> {
          String owner = BinaryFormat.readText(in);
          Instant recordedAt = BinaryFormat.readInstant(in);
          Instant createdAt = BinaryFormat.readInstant(in);
          Instant completedAt = BinaryFormat.readInstant(in);
          ResponseStatus status = ResponseStatus.valueOf(in.readUTF());
          String model = BinaryFormat.readText(in);
          String conversationId = BinaryFormat.readText(in);
          String previousResponseId = BinaryFormat.readText(in);
          String safetyIdentifier = BinaryFormat.readText(in);
          String user = BinaryFormat.readText(in);
          TokenUsage usage =
              new TokenUsage(
                  BinaryFormat.readNumber(in),
                  BinaryFormat.readNumber(in),
                  BinaryFormat.readNumber(in),
                  BinaryFormat.readNumber(in),
                  BinaryFormat.readNumber(in));
          Metadata metadata = BinaryFormat.readMetadata(in);
          String fingerprint = in.readUTF();
          return new StoredResponse(
              new Key(tenant, in.readUTF()),
              owner,
              recordedAt,
              createdAt,
              completedAt,
              status,
              model,
              conversationId,
              previousResponseId,
              safetyIdentifier,
              user,
              usage,
              metadata,
              fingerprint,
              JsonText.ofUtf8(json));
        });
  }

  static byte[] feedback(Feedback feedback) {
    return BinaryFormat.encode(
        out -> {
          BinaryFormat.writeText(out, feedback.owner());
          out.writeUTF(feedback.responseId());
          BinaryFormat.writeText(out, feedback.conversationId());
          BinaryFormat.writeText(out, feedback.model());
          BinaryFormat.writeText(out, feedback.rating() == null ? null : feedback.rating().name());
          BinaryFormat.writeText(out, feedback.comment());
          BinaryFormat.writeText(out, feedback.author());
          BinaryFormat.writeMetadata(out, feedback.metadata());
          BinaryFormat.writeInstant(out, feedback.createdAt());
        });
  }

  static Feedback feedback(Key key, byte[] encoded) {
    return BinaryFormat.decode(
        encoded,
        in -> {
          String owner = BinaryFormat.readText(in);
          String responseId = in.readUTF();
          String conversationId = BinaryFormat.readText(in);
          String model = BinaryFormat.readText(in);
          String rating = BinaryFormat.readText(in);
          return new Feedback(
              key,
              owner,
              responseId,
              conversationId,
              model,
              rating == null ? null : Rating.valueOf(rating),
              BinaryFormat.readText(in),
              BinaryFormat.readText(in),
              BinaryFormat.readMetadata(in),
              BinaryFormat.readInstant(in));
        });
  }
}
