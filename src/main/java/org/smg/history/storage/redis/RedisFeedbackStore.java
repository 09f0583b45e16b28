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
import org.smg.history.storage.redis.RedisKeys.ListKeys;

/**
 * Feedback lies in its response's slot, so that the two are deleted, and expire, as one. What finds
 * it by its own id is written before it.
 */
final class RedisFeedbackStore implements FeedbackStore {

  private final Redis redis;
  private final RedisKeys keys;
  private final PendingTurns turns;

  RedisFeedbackStore(Redis redis, RedisKeys keys, PendingTurns turns) {
    this.redis = redis;
    this.keys = keys;
    this.turns = turns;
  }

  @Override
  public Feedback add(Scope scope, Feedback feedback) {
    Key key = feedback.key();
    Key about = new Key(key.tenant(), feedback.responseId());
    Reply fields = turns.read(about, "d", "e");
    if (!fields.has(0)) {
      throw HistoryFailure.NotFound.response(about.id());
    }
    StoredResponse response = Packed.response(key.tenant(), fields.bytes(0), new byte[0]);
    Feedback stored = feedback.about(response);
    String deadline = fields.text(1);
    ListKeys list = keys.feedbacks(key.tenant());
    redis.runEach(
        List.of(
            Call.of(Script.PUT, keys.feedback(key)).with(about.id(), deadline),
            Call.of(Script.ENTER, list.members(), list.expiry())
                .with(key.id(), ConversationWriter.score(feedback.createdAt()), deadline)));
    Object rated =
        redis.run(
            Call.of(
                    Script.RATE,
                    keys.response(about).description(),
                    keys.response(about).feedback())
                .with(key.id())
                .with(Packed.feedback(stored)));
    if ((Long) rated == 0) {
      forget(key);
      throw HistoryFailure.NotFound.response(about.id());
    }
    return stored;
  }

  @Override
  public Optional<Feedback> find(Scope scope, String id) {
    Key feedback = scope.key(id);
    return load(feedback.tenant(), List.of(feedback.id())).get(0);
  }

  private List<Optional<Feedback>> load(String tenant, List<String> ids) {
    List<Key> feedback = ids.stream().map(id -> new Key(tenant, id)).toList();
    List<Object> about =
        redis.runEach(
            feedback.stream().map(key -> Call.of(Script.VALUE, keys.feedback(key))).toList());
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < about.size(); i++) {
      // What leads nowhere leads to the one key that is never there.
      String in =
          about.get(i) == null
              ? keys.probe()
              : keys.response(new Key(tenant, Reply.text(about.get(i)))).feedback();
      calls.add(Call.of(Script.FIELDS, in).with(ids.get(i)));
    }
    List<Object> fields = redis.runEach(calls);
    List<Optional<Feedback>> loaded = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      Reply reply = Reply.of(fields.get(i));
      loaded.add(
          reply.has(0)
              ? Optional.of(Packed.feedback(feedback.get(i), reply.bytes(0)))
              : Optional.empty());
    }
    return loaded;
  }

  @Override
  public Page<Feedback> list(Scope scope, FeedbackFilter filter, PageRequest page) {
    String tenant = scope.tenant();
    RedisList.Place cursor = null;
    if (page.after() != null) {
      Feedback after =
          find(scope, page.after())
              .orElseThrow(() -> HistoryFailure.NotFound.cursor("feedback", page.after()));
      cursor = new RedisList.Place(page.after(), ConversationWriter.score(after.createdAt()));
    }
    return new RedisList(redis)
        .page(
            keys.feedbacks(tenant),
            filter.created(),
            page,
            cursor,
            ids -> load(tenant, ids),
            filter::includes);
  }

  @Override
  public boolean delete(Scope scope, String id) {
    Key feedback = scope.key(id);
    String about = Reply.text(redis.run(Call.of(Script.VALUE, keys.feedback(feedback))));
    if (about == null) {
      return false;
    }
    Key response = new Key(feedback.tenant(), about);
    Object deleted =
        redis.run(Call.of(Script.UNRATE, keys.response(response).feedback()).with(feedback.id()));
    forget(feedback);
    return (Long) deleted == 1;
  }

  private void forget(Key feedback) {
    ListKeys list = keys.feedbacks(feedback.tenant());
    redis.runEach(
        List.of(
            Call.of(Script.LEAVE, list.members(), list.expiry()).with(feedback.id()),
            Call.of(Script.DROP, keys.feedback(feedback))));
  }
}
