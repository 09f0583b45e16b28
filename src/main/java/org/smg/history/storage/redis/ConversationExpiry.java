package org.smg.history.storage.redis;

import org.smg.history.model.Conversation;
import org.smg.history.model.Key;
import org.smg.history.storage.RetentionStore.Counts;
import org.smg.history.storage.redis.index.IndexEntry;
import org.smg.history.storage.redis.index.OrderedIndex;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * Lets a conversation and its entry in the index expire as the retention says now, or removes it,
 * by one script. One that has a run stays as it is. The locations of its items are left to {@link
 * LocationExpiry}.
 */
final class ConversationExpiry {

  /** As often as that, a conversation that is written to meanwhile is looked at again. */
  private static final int ATTEMPTS = 3;

  private final ScriptRunner scripts;
  private final ConversationWriter writer;
  private final RetentionRule retention;

  ConversationExpiry(ScriptRunner scripts, ConversationWriter writer, RetentionRule retention) {
    this.scripts = scripts;
    this.writer = writer;
    this.retention = retention;
  }

  /**
   * @return what was removed
   */
  Counts retain(Key key) {
    for (int attempt = 1; ; attempt++) {
      ScriptReply reply = writer.retain(key);
      if (reply.is("not_found") || reply.is("running")) {
        return Counts.NONE;
      }
      if (reply.is("removed")) {
        return new Counts(1, reply.list(2).values().size(), 0, 0);
      }
      Conversation found = RecordEncoding.conversation(key, reply.list(1).texts());
      String expiresAt = reply.text(2);
      String entryUntil = retention.conversations().withLag(expiresAt);
      OrderedIndex index = writer.index(key);
      IndexEntry entry = IndexEntry.of(found);
      // A writer may just have put off the entry's expiry. Its last one never gets lost.
      scripts.run(
          attempt < ATTEMPTS
              ? index.replace(entry, expiresAt, entryUntil)
              : index.add(entry, expiresAt, entryUntil));
      ScriptReply now = scripts.reply(writer.read(key));
      if (!now.has(0)) {
        scripts.runEach(index.remove(entry));
        return Counts.NONE;
      }
      if (attempt == ATTEMPTS || now.text(3).equals(reply.list(1).text(3))) {
        return Counts.NONE;
      }
    }
  }
}
