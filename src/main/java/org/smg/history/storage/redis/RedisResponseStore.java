package org.smg.history.storage.redis;

import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.Removed;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;
import org.smg.history.storage.redis.ResponseExpiry.Recorded;
import org.smg.history.storage.redis.index.IndexEntry;
import org.smg.history.storage.redis.index.OrderedIndex;
import org.smg.history.storage.redis.layout.RecordText;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

final class RedisResponseStore implements ResponseStore {

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final ResponseReader reader;
  private final TurnWriter writer;
  private final ResponseExpiry expiry;
  private final RunLeases leases;
  private final ByteMeter meter;

  RedisResponseStore(
      ScriptRunner scripts,
      RedisKeys keys,
      ResponseReader reader,
      TurnWriter writer,
      ResponseExpiry expiry,
      RunLeases leases,
      ByteMeter meter) {
    this.scripts = scripts;
    this.keys = keys;
    this.reader = reader;
    this.writer = writer;
    this.expiry = expiry;
    this.leases = leases;
    this.meter = meter;
  }

  @Override
  public StoredResponse record(Scope scope, Turn turn) {
    StoredResponse response = turn.response();
    try {
      if (writer.record(scope, turn)) {
        return response;
      }
    } catch (HistoryFailure.NotFound
        | HistoryFailure.ItemAlreadyInConversation
        | HistoryFailure.UnknownReference refused) {
      // Another request may have recorded the same turn between two steps of this one.
      return recordedBefore(scope, response).orElseThrow(() -> refused);
    }
    return recordedBefore(scope, response)
        .orElseThrow(
            () ->
                new HistoryFailure.Unavailable(
                    "The response was deleted while it was recorded again.", null));
  }

  private Optional<StoredResponse> recordedBefore(Scope scope, StoredResponse response) {
    Optional<StoredResponse> stored = find(scope, response.key().id());
    if (stored.isPresent() && !stored.get().fingerprint().equals(response.fingerprint())) {
      throw new HistoryFailure.ResponseAlreadyRecorded(response.key().id());
    }
    return stored;
  }

  @Override
  public Optional<StoredResponse> find(Scope scope, String id) {
    return reader.find(scope, id);
  }

  @Override
  public Page<Item> inputItems(Scope scope, String id, PageRequest page) {
    ResponseKeys names =
        reader
            .pointer(scope.key(id))
            .map(pointer -> ResponseKeys.of(pointer.hash()))
            .orElseThrow(() -> HistoryFailure.NotFound.response(id));
    String after = page.after() == null ? null : RecordText.word(page.after());
    ScriptReply reply =
        scripts.reply(
            ScriptCall.of(Script.INPUT_ITEMS_READ, names.hash(), names.items())
                .scope(scope, reader.horizon())
                .with(page, after));
    if (reply.is("not_found")) {
      throw HistoryFailure.NotFound.response(id);
    }
    return reply.itemPage(page);
  }

  @Override
  public Page<StoredResponse> chain(Scope scope, String id, int limit) {
    List<StoredResponse> newestFirst = reader.chain(scope, id, limit + 1);
    if (newestFirst.isEmpty()) {
      throw HistoryFailure.NotFound.response(id);
    }
    LinkedList<StoredResponse> chain = new LinkedList<>();
    Set<String> seen = new HashSet<>();
    for (StoredResponse member : newestFirst) {
      if (!seen.add(member.key().id())) {
        throw new HistoryFailure.ChainCycle(id);
      }
      if (chain.size() == limit) {
        return new Page<>(chain, true);
      }
      chain.addFirst(member);
    }
    return new Page<>(chain, false);
  }

  @Override
  public Page<StoredResponse> list(Scope scope, ResponseFilter filter, PageRequest page) {
    Page<StoredResponse> found = described(scope, filter, page);
    // The JSON is read of those alone that are on the page.
    List<String> shown = found.data().stream().map(response -> response.key().id()).toList();
    List<StoredResponse> whole =
        reader.read(scope.tenant(), shown).stream().flatMap(Optional::stream).toList();
    return new Page<>(whole, found.hasMore());
  }

  /** A page of responses without their JSON. */
  private Page<StoredResponse> described(Scope scope, ResponseFilter filter, PageRequest page) {
    String tenant = scope.tenant();
    IndexEntry cursor = null;
    if (page.after() != null) {
      cursor =
          reader
              .describe(scope.key(page.after()))
              .filter(after -> scope.includes(after.owner()))
              .map(IndexEntry::of)
              .orElseThrow(() -> HistoryFailure.NotFound.cursor("response", page.after()));
    }
    return index(tenant)
        .page(
            IndexEntry.narrowest(
                IndexEntry.by("owner", scope.owner()),
                IndexEntry.by("conversation", filter.conversationId()),
                IndexEntry.by("user", filter.user()),
                IndexEntry.by("safety_identifier", filter.safetyIdentifier())),
            filter.created(),
            page,
            cursor,
            ids -> reader.describe(tenant, ids),
            IndexEntry::of,
            response -> scope.includes(response.owner()) && filter.includes(response));
  }

  @Override
  public boolean delete(Scope scope, String id) {
    return delete(scope, id, "");
  }

  @Override
  public Removed delete(Scope scope, ResponseFilter filter, int limit) {
    Page<StoredResponse> oldest = described(scope, filter, new PageRequest(limit, Order.ASC, null));
    int count = 0;
    for (StoredResponse response : oldest.data()) {
      if (delete(scope, response.key().id(), response.fingerprint())) {
        count++;
      }
    }
    return new Removed(count, oldest.hasMore());
  }

  /**
   * The pointer is removed last, when nothing can be recorded through it any more.
   *
   * @param fingerprint of the response that is meant, or empty for whichever has the id
   */
  private boolean delete(Scope scope, String id, String fingerprint) {
    String tenant = scope.tenant();
    Key response = scope.key(id);
    Optional<Pointer> pointer = reader.pointer(response);
    if (pointer.isEmpty()) {
      return false;
    }
    ResponseKeys names = ResponseKeys.of(pointer.get().hash());
    ScriptReply reply =
        scripts.reply(
            ScriptCall.of(
                    Script.RESPONSE_DELETE,
                    names.hash(),
                    names.items(),
                    names.feedback(),
                    names.voided(),
                    names.conversation())
                .scope(scope, reader.horizon())
                .with(fingerprint, id));
    if (reply.is("not_found")) {
      return false;
    }
    if (reply.is("running")) {
      throw new HistoryFailure.ResponseInProgress();
    }
    Recorded deleted = Recorded.of(tenant, names.hash(), reply);
    meter.measure(scope, () -> -reply.number(6) - deleted.sizeOfFeedback());
    if (reply.has(7)) {
      leases.drop(reply.text(7), response);
    }
    expiry.removeWhatLeadsTo(deleted);
    return true;
  }

  private OrderedIndex index(String tenant) {
    return new OrderedIndex(scripts, keys.responses(tenant));
  }
}
