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
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;

/**
 * Feedback is in its response's slot, so that both are deleted, and expire, in one step. A key with
 * the feedback's own id leads to the response; it is written before the feedback.
 */
final class RedisFeedbackStore implements FeedbackStore {

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final PendingTurns turns;

  RedisFeedbackStore(ScriptRunner scripts, RedisKeys keys, PendingTurns turns) {
    this.scripts = scripts;
    this.keys = keys;
    this.turns = turns;
  }

  @Override
  public Feedback add(Scope scope, Feedback feedback) {
    String id = feedback.key().id();
    Key about = scope.key(feedback.responseId());
    ScriptReply fields = turns.read(about, "description", "expires_at");
    StoredResponse response =
        PendingTurns.describe(scope.tenant(), fields)
            .filter(found -> scope.includes(found.owner()))
            .orElseThrow(() -> HistoryFailure.NotFound.response(about.id()));
    Feedback stored = feedback.about(response);
    String expiresAt = fields.text(1);
    OrderedIndex.Entry entry = new OrderedIndex.Entry(id, OrderedIndex.score(feedback.createdAt()));
    scripts.runEach(
        List.of(
            ScriptCall.of(Script.VALUE_WRITE, keys.feedback(feedback.key()))
                .with(about.id(), expiresAt),
            index(scope).add(entry, expiresAt)));
    ResponseKeys names = keys.response(about);
    ScriptReply reply =
        scripts.reply(
            ScriptCall.of(Script.FEEDBACK_ADD, names.hash(), names.feedback())
                .with(RecordEncoding.scope(scope))
                .with(id)
                .with(RecordEncoding.feedback(stored)));
    if (reply.is("not_found")) {
      removeWhatLeadsTo(scope, id);
      throw HistoryFailure.NotFound.response(about.id());
    }
    return stored;
  }

  @Override
  public Optional<Feedback> find(Scope scope, String id) {
    return load(scope, List.of(id)).get(0).filter(found -> scope.includes(found.owner()));
  }

  private List<Optional<Feedback>> load(Scope scope, List<String> ids) {
    List<Object> about = scripts.runEach(ids.stream().map(id -> readAbout(scope, id)).toList());
    List<ScriptCall> calls = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      // Where an id leads to no response, a key that never exists is read in its place.
      String hash =
          about.get(i) == null
              ? keys.probe()
              : keys.response(scope.key(ScriptReply.text(about.get(i)))).feedback();
      calls.add(ScriptCall.of(Script.HASH_READ, hash).with(ids.get(i)));
    }
    List<Object> fields = scripts.runEach(calls);
    List<Optional<Feedback>> loaded = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      ScriptReply reply = ScriptReply.of(fields.get(i));
      loaded.add(
          reply.has(0)
              ? Optional.of(RecordEncoding.feedback(scope.key(ids.get(i)), reply.bytes(0)))
              : Optional.empty());
    }
    return loaded;
  }

  private ScriptCall readAbout(Scope scope, String id) {
    return ScriptCall.of(Script.VALUE_READ, keys.feedback(scope.key(id)));
  }

  @Override
  public Page<Feedback> list(Scope scope, FeedbackFilter filter, PageRequest page) {
    OrderedIndex.Entry cursor = null;
    if (page.after() != null) {
      Feedback after =
          find(scope, page.after())
              .orElseThrow(() -> HistoryFailure.NotFound.cursor("feedback", page.after()));
      cursor = new OrderedIndex.Entry(page.after(), OrderedIndex.score(after.createdAt()));
    }
    return index(scope)
        .page(
            filter.created(),
            page,
            cursor,
            ids -> load(scope, ids),
            feedback -> scope.includes(feedback.owner()) && filter.includes(feedback));
  }

  @Override
  public boolean delete(Scope scope, String id) {
    String about = ScriptReply.text(scripts.run(readAbout(scope, id)));
    if (about == null) {
      return false;
    }
    ScriptReply reply =
        scripts.reply(
            ScriptCall.of(Script.FEEDBACK_REMOVE, keys.response(scope.key(about)).feedback())
                .with(RecordEncoding.scope(scope))
                .with(id));
    if (reply.is("out_of_scope")) {
      return false;
    }
    removeWhatLeadsTo(scope, id);
    return reply.is("ok");
  }

  private void removeWhatLeadsTo(Scope scope, String id) {
    scripts.runEach(
        List.of(
            index(scope).remove(id),
            ScriptCall.of(Script.KEY_DELETE, keys.feedback(scope.key(id)))));
  }

  private OrderedIndex index(Scope scope) {
    return new OrderedIndex(scripts, keys.feedbacks(scope.tenant()));
  }
}
