package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.Key;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.redis.index.IndexEntry;
import org.smg.history.storage.redis.layout.Layout;
import org.smg.history.storage.redis.period.RetentionPeriod;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * Lets indexes expire as the retention says now, and removes their members that lead to nothing:
 * what a server left behind that died while it removed something.
 */
final class IndexExpiry {

  private static final int CHUNK = 500;

  /** Milliseconds, longer than any request lives. */
  private static final long LONGEST_REQUEST = 3_600_000;

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;
  private final ResponseReader responses;

  IndexExpiry(ScriptRunner scripts, RedisKeys keys, RetentionRule retention) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    // What is due still has its entries.
    this.responses = new ResponseReader(scripts, keys, retention.withHorizon(Horizon.NONE));
  }

  /**
   * Looks at some members.
   *
   * @param after the member to begin behind, or an empty text
   * @return the last member that was looked at; empty at the end
   */
  String trim(String tenant, String index, String after) {
    boolean ofConversations = index.equals(keys.conversations(tenant));
    RetentionPeriod period = ofConversations ? retention.conversations() : retention.responses();
    if (after.isEmpty()) {
      scripts.run(ScriptCall.of(Script.EXPIRY_LIMIT, index).with("no_later", period.expiresAt()));
    }
    ScriptReply reply =
        scripts.reply(ScriptCall.of(Script.INDEX_TRIM, index).with(after, Integer.toString(CHUNK)));
    List<String> members = reply.list(1).texts();
    List<IndexEntry> entries = members.stream().map(IndexEntry::parse).toList();
    List<Boolean> there;
    if (ofConversations) {
      there = conversationsThere(tenant, entries);
    } else if (index.equals(keys.responses(tenant))) {
      there = responsesThere(tenant, entries);
    } else {
      there = feedbackThere(tenant, entries);
    }
    // The response of feedback is there before the feedback's entry, on a Cluster too.
    boolean entryFirst = !scripts.oneServer() && !index.equals(keys.feedbacks(tenant));
    // An entry that is written now expires then.
    String latest = ofConversations ? period.withLag(period.expiresAt()) : period.expiresAt();
    List<ScriptCall> removals = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      if (!there.get(i) && !(entryFirst && mayBeYoung(members.get(i), latest))) {
        removals.add(ScriptCall.command("ZREM", index, members.get(i)));
      }
    }
    scripts.runEach(removals);
    return reply.text(0);
  }

  /** Whether a request that still lives may have added a member, for what it is about to store. */
  private static boolean mayBeYoung(String member, String latest) {
    String until = IndexEntry.expiryOf(member);
    return until.equals("-1")
        || !latest.equals("-1") && Long.parseLong(until) > Long.parseLong(latest) - LONGEST_REQUEST;
  }

  private List<Boolean> conversationsThere(String tenant, List<IndexEntry> entries) {
    List<Object> createdAt =
        scripts.runEach(
            entries.stream()
                .map(entry -> keys.conversation(new Key(tenant, entry.id())).hash())
                .map(hash -> ScriptCall.command("HGET", hash, "created_at"))
                .toList());
    List<Boolean> there = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      String micros = ScriptReply.text(createdAt.get(i));
      there.add(
          micros != null
              && IndexEntry.order(Long.parseLong(micros)).equals(entries.get(i).order()));
    }
    return there;
  }

  private List<Boolean> responsesThere(String tenant, List<IndexEntry> entries) {
    List<Optional<StoredResponse>> found =
        responses.describe(tenant, entries.stream().map(IndexEntry::id).toList());
    List<Boolean> there = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      String order = entries.get(i).order();
      there.add(found.get(i).filter(one -> IndexEntry.of(one).order().equals(order)).isPresent());
    }
    return there;
  }

  private List<Boolean> feedbackThere(String tenant, List<IndexEntry> entries) {
    List<Object> pointers =
        scripts.runEach(
            entries.stream()
                .map(entry -> keys.feedback(new Key(tenant, entry.id())))
                .map(pointer -> ScriptCall.command("GET", pointer))
                .toList());
    return scripts
        .runEach(
            pointers.stream()
                .map(ScriptReply::text)
                .map(pointer -> pointer == null ? keys.probe() : responseOf(pointer))
                .map(hash -> ScriptCall.command("EXISTS", hash))
                .toList())
        .stream()
        .map(exists -> (Long) exists == 1)
        .toList();
  }

  /** The key of the response's hash to which the pointer of feedback leads. */
  static String responseOf(String feedbackPointer) {
    String[] words = feedbackPointer.split(" ");
    Layout.check(words[0]);
    return words[1];
  }
}
