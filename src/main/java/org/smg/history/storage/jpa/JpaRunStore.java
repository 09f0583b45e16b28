package org.smg.history.storage.jpa;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Key;
import org.smg.history.model.Page;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.PurgeStatements;
import org.smg.history.storage.jpa.dialect.RecordedTurn;
import org.smg.history.storage.jpa.dialect.Retained;
import org.smg.history.storage.jpa.dialect.Rows;
import org.smg.history.storage.jpa.dialect.RunDialect.Beginning;
import org.smg.history.storage.jpa.dialect.RunStatements;
import org.smg.history.storage.jpa.dialect.RunStatements.Claim;
import org.smg.history.storage.jpa.dialect.RunStatements.Stored;
import org.smg.history.storage.jpa.dialect.Sql;
import org.smg.history.storage.jpa.dialect.StoredItems;
import org.smg.history.storage.jpa.rows.ItemArray;
import org.smg.history.storage.jpa.rows.ResponseRow;
import org.smg.history.storage.jpa.rows.StoredItem;

/** Begins optimistically: why a run could not begin is looked up once it could not. */
final class JpaRunStore implements RunStore {

  private final Database database;
  private final Dialect dialect;
  private final ByteCount bytes;
  private final Retained retained;
  private final boolean rowSecurity;
  private final LinkedItems linked;
  private final DueRows due;
  private final JpaResponseStore responses;
  private final JpaIdempotencyStore idempotency;

  /**
   * @param rowSecurity whether a statement sees the rows of one tenant alone
   */
  JpaRunStore(
      Database database, Dialect dialect, ByteCount bytes, Retained retained, boolean rowSecurity) {
    this.database = database;
    this.dialect = dialect;
    this.bytes = bytes;
    this.retained = retained;
    this.rowSecurity = rowSecurity;
    this.linked = new LinkedItems(database, retained);
    this.due = new DueRows(database, dialect, bytes, retained);
    this.responses = new JpaResponseStore(database, dialect, bytes, retained);
    this.idempotency = new JpaIdempotencyStore(database, dialect);
  }

  @Override
  public Prompt begin(Scope scope, Run run, long mostBytes, Optional<IdempotencyRecord> once) {
    Optional<Prompt> begun;
    try {
      begun = tryToBegin(scope, run, mostBytes, once);
    } catch (HistoryFailure.Unavailable unavailable) {
      throw unavailable;
    } catch (HistoryFailure refused) {
      return begunBeforeOrRefused(scope, run, once, () -> refused);
    }
    return begun.orElseGet(
        () ->
            begunBeforeOrRefused(
                scope,
                run,
                once,
                () -> {
                  String conversationId = run.prompt().conversationId();
                  read(scope, conversationId, run.input(), mostBytes);
                  // It had one then, which has ended since.
                  return new HistoryFailure.ConversationLocked(conversationId);
                }));
  }

  private Optional<Prompt> tryToBegin(
      Scope scope, Run run, long mostBytes, Optional<IdempotencyRecord> once) {
    ItemIds.checkDistinct(run.input());
    StoredResponse prompt = run.prompt();
    List<StoredItem> stored = linked.resolve(scope, run.input(), prompt.recordedAt());
    List<Item> input = stored.stream().map(StoredItem::item).toList();
    new Prompt(List.of(), input).checkLength(mostBytes);
    long room = mostBytes - input.stream().mapToLong(item -> item.json().length()).sum();
    RecordedTurn turn = new RecordedTurn(prompt, ItemArray.of(input), false, List.of(), stored);
    Beginning beginning = new Beginning(turn, run.server(), run.token(), room, once);
    return database.execute(
        scope.tenant(),
        connection -> {
          Optional<List<Item>> context =
              dialect.runs().begin(connection, scope, beginning, retained);
          context.ifPresent(begun -> bytes.recorded(scope, turn));
          return context.map(items -> new Prompt(items, input));
        },
        () -> {
          Optional<Prompt> before = begunBefore(scope, run);
          if (before.isEmpty()) {
            idempotency.refuseUsed(scope.tenant(), once);
            due.removeResponse(scope.tenant(), prompt.key().id());
          }
          return before.map(Optional::of);
        });
  }

  /**
   * What the same run was answered when it began before.
   *
   * @param reason why it has not begun now, if there is no better one
   */
  private Prompt begunBeforeOrRefused(
      Scope scope, Run run, Optional<IdempotencyRecord> once, Supplier<HistoryFailure> reason) {
    return begunBefore(scope, run)
        .orElseThrow(
            () -> {
              idempotency.refuseUsed(scope.tenant(), once);
              refuseClaimed(scope, run.prompt().conversationId());
              return reason.get();
            });
  }

  private Optional<Prompt> begunBefore(Scope scope, Run run) {
    Key key = run.prompt().key();
    Optional<Stored> stored =
        database.execute(
            scope.tenant(), connection -> RunStatements.stored(connection, key, retained));
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    if (!run.token().equals(stored.get().token())) {
      throw new HistoryFailure.ResponseAlreadyRecorded(key.id());
    }
    List<Item> context = context(scope, run.prompt().conversationId(), Long.MAX_VALUE);
    return Optional.of(new Prompt(context, stored.get().input()));
  }

  private void refuseClaimed(Scope scope, String conversationId) {
    if (conversationId != null) {
      Claim claim =
          database.execute(
              scope.tenant(),
              connection -> RunStatements.claim(connection, scope, conversationId, retained));
      if (claim.responseId() != null) {
        throw new HistoryFailure.ConversationLocked(conversationId);
      }
    }
  }

  @Override
  public Prompt read(Scope scope, String conversationId, List<ItemInput> input, long mostBytes) {
    List<Item> context = context(scope, conversationId, mostBytes);
    ItemIds.checkDistinct(input);
    Set<String> present = new HashSet<>(ItemIds.of(context));
    for (ItemInput item : input) {
      if (present.contains(item.id())) {
        throw new HistoryFailure.ItemAlreadyInConversation(item.id());
      }
    }
    List<Item> resolved =
        linked.resolve(scope, input, Instant.EPOCH).stream().map(StoredItem::item).toList();
    Prompt prompt = new Prompt(context, resolved);
    prompt.checkLength(mostBytes);
    return prompt;
  }

  private List<Item> context(Scope scope, String conversationId, long mostBytes) {
    return conversationId == null
        ? List.of()
        : database
            .execute(
                scope.tenant(),
                connection ->
                    dialect.runs().context(connection, scope, conversationId, mostBytes, retained))
            .orElseThrow(() -> HistoryFailure.NotFound.conversation(conversationId));
  }

  @Override
  public StoredResponse finish(Scope scope, String token, Turn turn, Instant at) {
    StoredResponse finished = turn.response();
    if (new RunEnding(database, dialect, bytes, scope, turn).run(token, at)) {
      return finished;
    }
    return responses
        .find(scope, finished.key().id())
        .filter(found -> found.isFinished() && found.fingerprint().equals(finished.fingerprint()))
        .orElseThrow(() -> new HistoryFailure.RunEnded(finished.key().id()));
  }

  @Override
  public Page<PastTurn> chain(Scope scope, String responseId, int limit) {
    Page<StoredResponse> chain = responses.chain(scope, responseId, limit);
    List<String> ids = chain.data().stream().map(member -> member.key().id()).toList();
    Map<String, List<Item>> inputs =
        database.execute(
            scope.tenant(), connection -> StoredItems.inputs(connection, scope.tenant(), ids));
    List<PastTurn> turns = new ArrayList<>();
    for (StoredResponse member : chain.data()) {
      String id = member.key().id();
      if (!inputs.containsKey(id)) {
        throw HistoryFailure.NotFound.response(id);
      }
      turns.add(new PastTurn(member, inputs.get(id)));
    }
    return new Page<>(turns, chain.hasMore());
  }

  @Override
  public void lease(String server, Duration duration) {
    long micros = duration.toNanos() / 1_000;
    Sql renew = RunStatements.renewLease(dialect, server, micros);
    List<Sql> take =
        List.of(
            RunStatements.removeLeases(dialect), RunStatements.takeLease(dialect, server, micros));
    database.executeForNoTenant(
        connection ->
            dialect.run(connection, List.of(renew)).get(0) > 0
                ? renew
                : dialect.run(connection, take));
  }

  @Override
  public void release(String server) {
    database.executeForNoTenant(
        connection -> dialect.run(connection, List.of(RunStatements.release(server))));
  }

  /** With row security, one statement sees one tenant. */
  @Override
  public List<Abandoned> abandoned(int limit) {
    if (!rowSecurity) {
      return abandoned(null, limit);
    }
    List<Abandoned> found = new ArrayList<>();
    Optional<String> tenant = tenantAfter(null);
    while (tenant.isPresent() && found.size() < limit) {
      found.addAll(abandoned(tenant.get(), limit - found.size()));
      tenant = tenantAfter(tenant.get());
    }
    return found;
  }

  private Optional<String> tenantAfter(String tenant) {
    Sql next = PurgeStatements.tenantAfter(tenant, rowSecurity);
    return database.executeForNoTenant(
        connection -> Optional.ofNullable(Rows.texts(connection, next).get(0)));
  }

  /**
   * @param tenant null for all
   */
  private List<Abandoned> abandoned(String tenant, int limit) {
    record Found(Key response, String token) {}
    List<Found> runs = new ArrayList<>();
    database.execute(
        tenant,
        connection -> {
          Rows.read(
              connection,
              RunStatements.abandoned(dialect, limit),
              row ->
                  runs.add(
                      new Found(new Key(row.getString(1), row.getString(2)), row.getString(3))));
          return runs;
        });
    List<Abandoned> abandoned = new ArrayList<>();
    for (Found run : runs) {
      prompt(run.response()).ifPresent(prompt -> abandoned.add(new Abandoned(prompt, run.token())));
    }
    return abandoned;
  }

  /** The prompt, also if it is due: its run has to be ended first. */
  private Optional<StoredResponse> prompt(Key response) {
    return database.read(
        response.tenant(),
        em ->
            NamedQuery.of(em, ResponseRow.BY_KEY, ResponseRow.class, response)
                .setParameter("since", Long.MIN_VALUE)
                .getResultStream()
                .findAny()
                .map(ResponseRow::response));
  }
}
