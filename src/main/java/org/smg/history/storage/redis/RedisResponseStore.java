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
import org.smg.history.storage.redis.RedisKeys.ListKeys;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;

final class RedisResponseStore implements ResponseStore {

  private static final byte[] NO_JSON = {};

  private final Redis redis;
  private final RedisKeys keys;
  private final PendingTurns turns;
  private final TurnWriter writer;

  RedisResponseStore(Redis redis, RedisKeys keys, PendingTurns turns, TurnWriter writer) {
    this.redis = redis;
    this.keys = keys;
    this.turns = turns;
    this.writer = writer;
  }

  @Override
  public StoredResponse record(Scope scope, Turn turn) {
    StoredResponse response = turn.response();
    Optional<StoredResponse> recorded = Optional.empty();
    try {
      if (writer.record(turn)) {
        return response;
      }
    } catch (HistoryFailure.NotFound | HistoryFailure.ItemAlreadyInConversation refused) {
      // The same turn may have been recorded between two steps of this attempt, or long ago.
      recorded = find(scope, response.key().id());
      if (recorded.isEmpty()) {
        throw refused;
      }
    }
    StoredResponse stored =
        recorded
            .or(() -> find(scope, response.key().id()))
            .orElseThrow(
                () -> new HistoryFailure.Unavailable("The response was deleted meanwhile.", null));
    if (!stored.fingerprint().equals(response.fingerprint())) {
      throw new HistoryFailure.ResponseAlreadyRecorded(response.key().id());
    }
    return stored;
  }

  @Override
  public Optional<StoredResponse> find(Scope scope, String id) {
    Key response = scope.key(id);
    Reply fields = turns.read(response, "d", "j");
    return fields.has(0)
        ? Optional.of(Packed.response(response.tenant(), fields.bytes(0), fields.bytes(1)))
        : Optional.empty();
  }

  private Optional<StoredResponse> describe(String tenant, Reply fields) {
    return fields.has(0)
        ? Optional.of(Packed.response(tenant, fields.bytes(0), NO_JSON))
        : Optional.empty();
  }

  @Override
  public Page<Item> inputItems(Scope scope, String id, PageRequest page) {
    Key response = scope.key(id);
    if (!redis.oneNode() && !turns.isRecorded(response)) {
      throw HistoryFailure.NotFound.response(response.id());
    }
    ResponseKeys names = keys.response(response);
    Call call =
        Call.of(Script.INPUT, names.description(), names.input())
            .with(Integer.toString(page.limit() + 1), page.order().name());
    if (page.after() != null) {
      call.with(page.after());
    }
    Reply reply = redis.reply(call);
    if (reply.is("absent")) {
      throw HistoryFailure.NotFound.response(response.id());
    }
    if (reply.is("cursor")) {
      throw HistoryFailure.NotFound.cursor("item", page.after());
    }
    return Page.ofFetched(
        reply.rest().values().stream().map(entry -> Packed.item((byte[]) entry)).toList(),
        page.limit());
  }

  @Override
  public Page<StoredResponse> chain(Scope scope, String id, int limit) {
    Key response = scope.key(id);
    List<StoredResponse> newestFirst =
        redis.oneNode() ? readChain(response, limit + 1) : followChain(scope, id, limit + 1);
    if (newestFirst.isEmpty()) {
      throw HistoryFailure.NotFound.response(response.id());
    }
    LinkedList<StoredResponse> chain = new LinkedList<>();
    Set<String> seen = new HashSet<>();
    for (StoredResponse member : newestFirst) {
      if (!seen.add(member.key().id())) {
        throw new HistoryFailure.ChainCycle(response.id());
      }
      if (chain.size() == limit) {
        return new Page<>(chain, true);
      }
      chain.addFirst(member);
    }
    return new Page<>(chain, false);
  }

  private List<StoredResponse> readChain(Key response, int limit) {
    List<?> read =
        redis
            .reply(
                Call.of(Script.CHAIN, keys.response(response).description())
                    .with(Integer.toString(limit)))
            .values();
    List<StoredResponse> chain = new ArrayList<>();
    for (int i = 0; i < read.size(); i += 2) {
      chain.add(Packed.response(response.tenant(), (byte[]) read.get(i), (byte[]) read.get(i + 1)));
    }
    return chain;
  }

  /** Each member lies in a slot of its own. */
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
    String tenant = scope.tenant();
    RedisList.Place cursor = null;
    if (page.after() != null) {
      cursor =
          describe(tenant, turns.read(new Key(tenant, page.after()), "d"))
              .map(TurnWriter::place)
              .orElseThrow(() -> HistoryFailure.NotFound.cursor("response", page.after()));
    }
    Page<StoredResponse> found =
        new RedisList(redis)
            .page(
                keys.responses(tenant),
                filter.created(),
                page,
                cursor,
                members -> describeEach(tenant, members),
                filter::includes);
    // Only those that are shown are read whole.
    List<Key> shown = found.data().stream().map(StoredResponse::key).toList();
    List<StoredResponse> whole =
        turns.readEach(shown, "d", "j").stream()
            .filter(fields -> fields.has(0))
            .map(fields -> Packed.response(tenant, fields.bytes(0), fields.bytes(1)))
            .toList();
    return new Page<>(whole, found.hasMore());
  }

  private List<Optional<StoredResponse>> describeEach(String tenant, List<String> members) {
    return turns
        .readEach(members.stream().map(member -> TurnWriter.key(tenant, member)).toList(), "d")
        .stream()
        .map(fields -> describe(tenant, fields))
        .toList();
  }

  @Override
  public boolean delete(Scope scope, String id) {
    Key response = scope.key(id);
    if (!redis.oneNode() && !turns.isRecorded(response)) {
      return false;
    }
    ResponseKeys names = keys.response(response);
    Reply reply =
        redis.reply(
            Call.of(
                Script.FORGET,
                names.description(),
                names.input(),
                names.output(),
                names.feedback()));
    if (reply.is("absent")) {
      return false;
    }
    String tenant = response.tenant();
    List<Call> calls = new ArrayList<>();
    StoredResponse deleted = Packed.response(tenant, reply.bytes(1), NO_JSON);
    ListKeys responses = keys.responses(tenant);
    calls.add(
        Call.of(Script.LEAVE, responses.members(), responses.expiry())
            .with(TurnWriter.place(deleted).member()));
    for (String itemId : reply.list(2).texts()) {
      calls.add(
          Call.of(Script.RELEASE, keys.lookup(tenant, itemId)).with(Holders.response(response)));
    }
    ListKeys feedbacks = keys.feedbacks(tenant);
    for (String feedbackId : reply.list(3).texts()) {
      calls.add(Call.of(Script.DROP, keys.feedback(new Key(tenant, feedbackId))));
      calls.add(Call.of(Script.LEAVE, feedbacks.members(), feedbacks.expiry()).with(feedbackId));
    }
    redis.runEach(calls);
    return true;
  }
}
