package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;

final class RedisResponseStore implements ResponseStore {

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final PendingTurns turns;
  private final TurnWriter writer;

  RedisResponseStore(ScriptRunner scripts, RedisKeys keys, PendingTurns turns, TurnWriter writer) {
    this.scripts = scripts;
    this.keys = keys;
    this.turns = turns;
    this.writer = writer;
  }

  @Override
  public StoredResponse record(Scope scope, Turn turn) {
    StoredResponse response = turn.response();
    try {
      if (writer.record(scope, turn)) {
        return response;
      }
    } catch (HistoryFailure.NotFound | HistoryFailure.ItemAlreadyInConversation refused) {
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
    return decode(scope, turns.read(scope.key(id), "description", "json"));
  }

  private static Optional<StoredResponse> decode(Scope scope, ScriptReply fields) {
    return fields.has(0)
        ? Optional.of(RecordEncoding.response(scope.tenant(), fields.bytes(0), fields.bytes(1)))
            .filter(response -> scope.includes(response.owner()))
        : Optional.empty();
  }

  @Override
  public Page<Item> inputItems(Scope scope, String id, PageRequest page) {
    Key response = scope.key(id);
    if (!scripts.oneServer() && !turns.isRecorded(response)) {
      throw HistoryFailure.NotFound.response(id);
    }
    ResponseKeys names = keys.response(response);
    ScriptCall call =
        ScriptCall.of(Script.INPUT_ITEMS_READ, names.hash(), names.input())
            .with(RecordEncoding.scope(scope))
            .with(Integer.toString(page.limit() + 1), page.order().name());
    if (page.after() != null) {
      call.with(page.after());
    }
    ScriptReply reply = scripts.reply(call);
    if (reply.is("not_found")) {
      throw HistoryFailure.NotFound.response(id);
    }
    if (reply.is("unknown_cursor")) {
      throw HistoryFailure.NotFound.cursor("item", page.after());
    }
    return Page.ofFetched(
        reply.rest().values().stream().map(entry -> ItemEncoding.decode((byte[]) entry)).toList(),
        page.limit());
  }

  @Override
  public Page<StoredResponse> chain(Scope scope, String id, int limit) {
    List<StoredResponse> newestFirst =
        scripts.oneServer() ? readChain(scope, id, limit + 1) : followChain(scope, id, limit + 1);
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

  private List<StoredResponse> readChain(Scope scope, String id, int limit) {
    List<?> read =
        scripts
            .reply(
                ScriptCall.of(Script.CHAIN_READ, keys.response(scope.key(id)).hash())
                    .with(Integer.toString(limit))
                    .with(RecordEncoding.scope(scope)))
            .values();
    List<StoredResponse> chain = new ArrayList<>();
    for (int i = 0; i < read.size(); i += 2) {
      chain.add(
          RecordEncoding.response(scope.tenant(), (byte[]) read.get(i), (byte[]) read.get(i + 1)));
    }
    return chain;
  }

  /** On a Cluster each member is in a slot of its own and takes a round trip. */
  private List<StoredResponse> followChain(Scope scope, String id, int limit) {
    List<StoredResponse> chain = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Optional<StoredResponse> next = find(scope, id);
    while (next.isPresent() && chain.size() < limit) {
      StoredResponse member = next.get();
      chain.add(member);
      if (!seen.add(member.key().id())) {
        break;
      }
      next =
          Optional.ofNullable(member.previousResponseId())
              .flatMap(previous -> find(scope, previous));
    }
    return chain;
  }

  @Override
  public Page<StoredResponse> list(Scope scope, ResponseFilter filter, PageRequest page) {
    OrderedIndex.Entry cursor = null;
    if (page.after() != null) {
      cursor =
          turns
              .describe(scope.key(page.after()))
              .filter(after -> scope.includes(after.owner()))
              .map(TurnWriter::entry)
              .orElseThrow(() -> HistoryFailure.NotFound.cursor("response", page.after()));
    }
    Page<StoredResponse> found =
        new OrderedIndex(scripts, keys.responses(scope.tenant()))
            .page(
                filter.created(),
                page,
                cursor,
                members -> describeEach(scope.tenant(), members),
                response -> scope.includes(response.owner()) && filter.includes(response));
    // The JSON is read of those alone that are on the page.
    List<Key> shown = found.data().stream().map(StoredResponse::key).toList();
    List<StoredResponse> whole =
        turns.readEach(shown, "description", "json").stream()
            .map(fields -> decode(scope, fields))
            .flatMap(Optional::stream)
            .toList();
    return new Page<>(whole, found.hasMore());
  }

  private List<Optional<StoredResponse>> describeEach(String tenant, List<String> members) {
    List<Key> responses = members.stream().map(member -> TurnWriter.key(tenant, member)).toList();
    return turns.readEach(responses, "description").stream()
        .map(fields -> PendingTurns.describe(tenant, fields))
        .toList();
  }

  @Override
  public boolean delete(Scope scope, String id) {
    Key response = scope.key(id);
    if (!scripts.oneServer() && !turns.isRecorded(response)) {
      return false;
    }
    ResponseKeys names = keys.response(response);
    ScriptReply reply =
        scripts.reply(
            ScriptCall.of(
                    Script.RESPONSE_DELETE,
                    names.hash(),
                    names.input(),
                    names.output(),
                    names.feedback())
                .with(RecordEncoding.scope(scope)));
    if (reply.is("not_found")) {
      return false;
    }
    String tenant = scope.tenant();
    List<ScriptCall> calls = new ArrayList<>();
    StoredResponse deleted = RecordEncoding.response(tenant, reply.bytes(1), new byte[0]);
    calls.add(
        new OrderedIndex(scripts, keys.responses(tenant))
            .remove(TurnWriter.entry(deleted).member()));
    for (String itemId : reply.list(2).texts()) {
      calls.add(
          ScriptCall.of(Script.LOCATION_REMOVE, keys.itemLocations(tenant, itemId))
              .with(ItemLocator.inResponse(response)));
    }
    OrderedIndex feedback = new OrderedIndex(scripts, keys.feedbacks(tenant));
    for (String feedbackId : reply.list(3).texts()) {
      calls.add(ScriptCall.of(Script.KEY_DELETE, keys.feedback(new Key(tenant, feedbackId))));
      calls.add(feedback.remove(feedbackId));
    }
    scripts.runEach(calls);
    return true;
  }
}
