package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smg.history.model.Feedback;
import org.smg.history.model.Key;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.RetentionStore.Counts;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;
import org.smg.history.storage.redis.index.IndexEntry;
import org.smg.history.storage.redis.index.OrderedIndex;
import org.smg.history.storage.redis.layout.Layout;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.layout.ResponseContents;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * Lets a response, its feedback and what leads to them expire as the retention says now, or removes
 * them. The response and its feedback are removed by one script.
 */
final class ResponseExpiry {

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;

  ResponseExpiry(ScriptRunner scripts, RedisKeys keys, RetentionRule retention) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
  }

  /**
   * A response as scripts answer it: without its JSON.
   *
   * @param pointer through which it was recorded
   */
  record Recorded(
      Pointer pointer, StoredResponse response, List<String> itemIds, List<Feedback> feedback) {

    static Recorded of(String tenant, String hash, ScriptReply reply) {
      List<String> records = reply.list(5).texts();
      List<Feedback> feedback = new ArrayList<>();
      for (int i = 0; i < records.size(); i += 2) {
        feedback.add(RecordEncoding.feedback(new Key(tenant, records.get(i)), records.get(i + 1)));
      }
      return new Recorded(
          new Pointer(reply.text(1), reply.text(2), hash),
          RecordEncoding.response(tenant, reply.text(3), new byte[0]),
          ResponseContents.ids(reply.text(4)),
          feedback);
    }

    Key key() {
      return response.key();
    }

    long sizeOfFeedback() {
      return feedback.stream().mapToLong(RedisFeedbackStore::size).sum();
    }
  }

  /**
   * Gives a response its expiry, or removes it if it is due; a run keeps the one that it has.
   *
   * @param hash the key of its hash
   * @return what was removed
   */
  Counts retain(String tenant, String hash) {
    ResponseKeys names = ResponseKeys.of(hash);
    ScriptReply reply =
        scripts.reply(
            ScriptCall.of(
                    Script.RESPONSE_RETAIN,
                    names.hash(),
                    names.items(),
                    names.feedback(),
                    names.voided())
                .with(retention.horizon().responses())
                .with(retention.responses().millis()));
    if (reply.is("not_found") || reply.is("running")) {
      return Counts.NONE;
    }
    Recorded found = Recorded.of(tenant, hash, reply);
    if (reply.is("removed")) {
      removeWhatLeadsTo(found);
      return new Counts(0, 0, 1, found.feedback().size());
    }
    renewWhatLeadsTo(found);
    return Counts.NONE;
  }

  private void renewWhatLeadsTo(Recorded found) {
    Pointer pointer = found.pointer();
    String expiresAt = pointer.deadline();
    List<ScriptCall> calls = new ArrayList<>();
    calls.add(set(keys.pointer(found.key()), pointer.value(), expiresAt));
    calls.add(
        responses(found.key()).replace(IndexEntry.of(found.response()), expiresAt, expiresAt));
    String toResponse = Layout.VERSION + " " + pointer.hash();
    for (Feedback feedback : found.feedback()) {
      calls.add(set(keys.feedback(feedback.key()), toResponse, expiresAt));
      calls.add(feedbacks(feedback.key()).replace(IndexEntry.of(feedback), expiresAt, expiresAt));
    }
    scripts.runEach(calls);
    removeWhatIsGone(found);
  }

  private static ScriptCall set(String key, String value, String expiresAt) {
    return ScriptCall.of(Script.POINTER_SET, key).with(value, value, expiresAt);
  }

  /** Of what was deleted meanwhile, the renewal may have brought back what led to it. */
  private void removeWhatIsGone(Recorded found) {
    Pointer pointer = found.pointer();
    List<Object> now =
        scripts.runEach(
            List.of(
                ScriptCall.command("HGET", pointer.hash(), "token"),
                ScriptCall.command("HKEYS", ResponseKeys.of(pointer.hash()).feedback())));
    boolean there = pointer.token().equals(ScriptReply.text(now.get(0)));
    Set<String> feedback = there ? new HashSet<>(ScriptReply.of(now.get(1)).texts()) : Set.of();
    List<ScriptCall> calls = new ArrayList<>();
    found.feedback().stream()
        .filter(one -> !feedback.contains(one.key().id()))
        .forEach(one -> calls.addAll(remove(one)));
    if (!there) {
      calls.addAll(responses(found.key()).remove(IndexEntry.of(found.response())));
      calls.add(pointer.remove(keys.pointer(found.key())));
    }
    scripts.runEach(calls);
  }

  /**
   * Removes what leads to a response that was removed. The pointer is removed last, when nothing
   * can be recorded through it any more.
   */
  void removeWhatLeadsTo(Recorded removed) {
    Key response = removed.key();
    List<ScriptCall> calls =
        new ArrayList<>(responses(response).remove(IndexEntry.of(removed.response())));
    for (String itemId : removed.itemIds()) {
      calls.add(
          ScriptCall.of(Script.LOCATION_REMOVE, keys.itemLocations(response.tenant(), itemId))
              .with(ItemLocator.inResponse(response)));
    }
    removed.feedback().forEach(feedback -> calls.addAll(remove(feedback)));
    scripts.runEach(calls);
    scripts.run(removed.pointer().remove(keys.pointer(response)));
  }

  private List<ScriptCall> remove(Feedback feedback) {
    List<ScriptCall> calls =
        new ArrayList<>(feedbacks(feedback.key()).remove(IndexEntry.of(feedback)));
    calls.add(ScriptCall.command("DEL", keys.feedback(feedback.key())));
    return calls;
  }

  private OrderedIndex responses(Key response) {
    return new OrderedIndex(scripts, keys.responses(response.tenant()));
  }

  private OrderedIndex feedbacks(Key feedback) {
    return new OrderedIndex(scripts, keys.feedbacks(feedback.tenant()));
  }
}
