package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;
import org.smg.history.storage.redis.index.IndexEntry;
import org.smg.history.storage.redis.index.OrderedIndex;
import org.smg.history.storage.redis.layout.Layout;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * Feedback is in its response's slot, so that both are deleted, and expire, in one step. A key with
 * the feedback's own id leads to the response; it is written before the feedback.
 */
final class RedisFeedbackStore implements FeedbackStore {

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final ResponseReader reader;
  private final RedisIdempotency idempotency;
  private final ByteMeter meter;

  RedisFeedbackStore(ScriptRunner scripts, RedisKeys keys, ResponseReader reader, ByteMeter meter) {
    this.scripts = scripts;
    this.keys = keys;
    this.reader = reader;
    this.idempotency = new RedisIdempotency(scripts, keys);
    this.meter = meter;
  }

  @Override
  public Feedback add(Scope scope, Feedback feedback, Optional<IdempotencyRecord> once) {
    Key key = feedback.key();
    Key about = scope.key(feedback.responseId());
    Feedback stored =
        reader
            .describe(about)
            .filter(response -> scope.includes(response.owner()))
            .map(feedback::about)
            .orElseThrow(() -> HistoryFailure.NotFound.response(about.id()));
    Pointer response =
        reader.pointer(about).orElseThrow(() -> HistoryFailure.NotFound.response(about.id()));
    String record = idempotency.announce(scope.tenant(), response.hash(), once);
    String expiresAt = response.deadline();
    scripts.runEach(whatLeadsTo(stored, response.hash(), expiresAt));
    ResponseKeys names = ResponseKeys.of(response.hash());
    ScriptReply reply =
        scripts.reply(
            ScriptCall.of(Script.FEEDBACK_ADD, names.hash(), names.feedback())
                .key(record)
                .scope(scope, reader.horizon())
                .with(key.id(), RecordEncoding.feedback(stored))
                .with(RedisIdempotency.value(once)));
    if (reply.is("used")) {
      removeWhatLeadsTo(stored);
      throw new HistoryFailure.IdempotencyKeyUsed();
    }
    if (reply.is("not_found")) {
      removeWhatLeadsTo(stored);
      throw HistoryFailure.NotFound.response(about.id());
    }
    if (!reply.text(1).equals(expiresAt)) {
      // The retention was changed meanwhile.
      scripts.runEach(whatLeadsTo(stored, response.hash(), reply.text(1)));
    }
    meter.measure(scope, () -> size(stored));
    return stored;
  }

  private List<ScriptCall> whatLeadsTo(Feedback feedback, String responseHash, String expiresAt) {
    Key key = feedback.key();
    String pointer = Layout.VERSION + " " + responseHash;
    return List.of(
        ScriptCall.of(Script.POINTER_SET, keys.feedback(key)).with(pointer, pointer, expiresAt),
        new OrderedIndex(scripts, keys.feedbacks(key.tenant()))
            .add(IndexEntry.of(feedback), expiresAt, expiresAt));
  }

  /** The bytes that count of feedback. */
  static long size(Feedback feedback) {
    String comment = feedback.comment() == null ? "" : feedback.comment();
    return ScriptCall.bytes(comment + RecordEncoding.metadata(feedback.metadata())).length;
  }

  @Override
  public Optional<Feedback> find(Scope scope, String id) {
    return load(scope, List.of(id)).get(0).filter(found -> scope.includes(found.owner()));
  }

  private List<Optional<Feedback>> load(Scope scope, List<String> ids) {
    List<Object> pointers =
        scripts.runEach(ids.stream().map(id -> readPointer(scope.key(id))).toList());
    List<ScriptCall> calls = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      calls.add(
          pointers.get(i) == null
              ? ScriptCall.command("GET", keys.probe())
              : read(response(pointers.get(i)), ids.get(i)));
    }
    List<Object> records = scripts.runEach(calls);
    List<Optional<Feedback>> loaded = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Key key = scope.key(ids.get(i));
      loaded.add(
          Optional.ofNullable(ScriptReply.text(records.get(i)))
              .map(record -> RecordEncoding.feedback(key, record)));
    }
    return loaded;
  }

  private ScriptCall read(String response, String id) {
    return ScriptCall.of(Script.FEEDBACK_READ, response, ResponseKeys.of(response).feedback())
        .with(reader.horizon())
        .with(id);
  }

  private ScriptCall readPointer(Key feedback) {
    return ScriptCall.command("GET", keys.feedback(feedback));
  }

  /** The hash of the response to which a pointer leads, or a key that never exists. */
  private String response(Object pointer) {
    if (pointer == null) {
      return keys.probe();
    }
    String[] words = ScriptReply.text(pointer).split(" ");
    Layout.check(words[0]);
    return words[1];
  }

  @Override
  public Page<Feedback> list(Scope scope, FeedbackFilter filter, PageRequest page) {
    IndexEntry cursor = null;
    if (page.after() != null) {
      cursor =
          find(scope, page.after())
              .map(IndexEntry::of)
              .orElseThrow(() -> HistoryFailure.NotFound.cursor("feedback", page.after()));
    }
    return index(scope)
        .page(
            IndexEntry.narrowest(
                IndexEntry.by("owner", scope.owner()),
                IndexEntry.by("conversation", filter.conversationId()),
                IndexEntry.by("response", filter.responseId())),
            filter.created(),
            page,
            cursor,
            ids -> load(scope, ids),
            IndexEntry::of,
            feedback -> scope.includes(feedback.owner()) && filter.includes(feedback));
  }

  @Override
  public boolean delete(Scope scope, String id) {
    Optional<Feedback> stored = find(scope, id);
    if (stored.isEmpty()) {
      return false;
    }
    String response = response(scripts.run(readPointer(scope.key(id))));
    Object removed =
        scripts.run(ScriptCall.command("HDEL", ResponseKeys.of(response).feedback(), id));
    removeWhatLeadsTo(stored.get());
    boolean deleted = (Long) removed == 1;
    if (deleted) {
      meter.measure(scope, () -> -size(stored.get()));
    }
    return deleted;
  }

  private void removeWhatLeadsTo(Feedback feedback) {
    Key key = feedback.key();
    List<ScriptCall> calls =
        new ArrayList<>(
            new OrderedIndex(scripts, keys.feedbacks(key.tenant()))
                .remove(IndexEntry.of(feedback)));
    calls.add(ScriptCall.command("DEL", keys.feedback(key)));
    scripts.runEach(calls);
  }

  private OrderedIndex index(Scope scope) {
    return new OrderedIndex(scripts, keys.feedbacks(scope.tenant()));
  }
}
