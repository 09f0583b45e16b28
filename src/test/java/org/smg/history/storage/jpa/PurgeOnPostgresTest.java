package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.RetentionStore.Counts;
import org.smg.history.storage.RetentionStore.Step;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.SettableHorizon;
import org.smg.history.storage.jpa.dialect.PostgresDialect;

/** A purge beside writers, and one that is broken off anywhere. */
@ExtendWith(PostgresServer.Shared.class)
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
class PurgeOnPostgresTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SettableHorizon horizon = new SettableHorizon();
  private PostgresServer server;
  private DataSource owner;
  private JpaStorage storage;
  private DueRowsLeft rows;

  @BeforeAll
  void start(PostgresServer shared) throws SQLException {
    server = shared;
    owner = shared.newDatabase("purge");
    storage = storage(shared.pool("purge"));
    storage.verify();
    rows = new DueRowsLeft(owner);
  }

  @AfterAll
  void stop() {
    storage.close();
  }

  @AfterEach
  void nothingIsDue() {
    horizon.clear();
  }

  private JpaStorage storage(DataSource source) {
    return new JpaStorage(
        () -> source, false, false, new PostgresDialect(), ByteMeter.NONE, horizon);
  }

  private static void await(String what, BooleanSupplier condition) {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }

  private boolean isWaitingForALock() {
    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity"
                    + " WHERE datname = 'purge' AND wait_event_type = 'Lock'")) {
      row.next();
      return row.getInt(1) > 0;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Counts purge(RetentionStore store, String tenant) {
    Counts removed = Counts.NONE;
    Step step;
    do {
      step = store.purge(tenant, at(0));
      removed = removed.plus(step.removed());
    } while (step.more());
    return removed;
  }

  @Test
  void aWriterThatHasTheConversationLockedKeepsItAndDoesNotStopThePurge() throws Exception {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key locked = tenant.conversation("conv_locked", message("msg"));
    tenant.conversation("conv_other", message("msg"));
    tenant.record(tenant.turn("resp_locked"));
    tenant.record(tenant.turn("resp_other"));
    horizon.set(at(500), at(500));

    try (Connection writer = owner.getConnection();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      // What an append that began before the conversation was due does.
      statement.execute(
          "UPDATE conversations SET updated_at = %d WHERE tenant = '%s' AND id = 'conv_locked'"
              .formatted(micros(at(1_000)), tenant.name()));
      statement.execute(
          "SELECT 1 FROM responses WHERE tenant = '%s' AND id = 'resp_locked' FOR KEY SHARE"
              .formatted(tenant.name()));

      assertThat(purge(storage.retention(), tenant.name())).isEqualTo(new Counts(1, 1, 1, 0));
      writer.commit();
    }

    assertThat(purge(storage.retention(), tenant.name())).isEqualTo(new Counts(0, 0, 1, 0));
    assertThat(tenant.itemIds(locked)).containsExactly("msg");
  }

  @Test
  void aConversationThatIsRenewedBetweenSelectionAndMarkStays() throws Exception {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key key = tenant.conversation("conv", message("msg"));
    horizon.set(at(500), at(500));
    AtomicInteger renewals = new AtomicInteger();
    DataSource renewing =
        InterceptedDataSource.dataSource(
            owner,
            sql -> {
              if (sql.contains("FROM conversations") && sql.contains("SKIP LOCKED")) {
                renewals.incrementAndGet();
                renew(tenant.name());
              }
              return sql;
            },
            error -> error);

    try (JpaStorage purging = storage(renewing)) {
      assertThat(purge(purging.retention(), tenant.name())).isEqualTo(Counts.NONE);
    }

    assertThat(renewals).hasPositiveValue();
    assertThat(tenant.itemIds(key)).containsExactly("msg");
  }

  private void renew(String tenant) {
    try {
      PostgresServer.run(
          owner,
          "UPDATE conversations SET updated_at = %d WHERE tenant = '%s' AND id = 'conv'"
              .formatted(micros(at(1_000)), tenant));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anAppendThatWaitsForTheMarkIsRefused() throws Exception {
    SampleTenant tenant = SampleTenant.fresh(storage);
    tenant.conversation("conv", message("msg"));
    CompletableFuture<Object> append;
    try (Connection marker = owner.getConnection();
        Statement statement = marker.createStatement()) {
      marker.setAutoCommit(false);
      statement.execute(
          "UPDATE conversations SET updated_at = updated_at - 4000000000000000000 WHERE tenant = '%s'"
              .formatted(tenant.name()));
      append =
          CompletableFuture.supplyAsync(
              () ->
                  storage
                      .conversations()
                      .append(tenant.scope(), "conv", List.of(message("late")), at(1_000)));
      await("the append waits", this::isWaitingForALock);
      marker.commit();
    }

    assertThatThrownBy(append::join).hasCauseInstanceOf(HistoryFailure.NotFound.class);
    assertThat(purge(storage.retention(), tenant.name())).isEqualTo(new Counts(1, 1, 0, 0));
    rows.assertNothingIsLeft(tenant.name());
  }

  @Test
  void whatIsMarkedNeverComesBackWhateverTheOptionSaysLater() {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key key = tenant.key("conv");
    storage
        .conversations()
        .create(
            tenant.scope(),
            Samples.conversation(key, 0, labels("a", "b")),
            List.of(messages("msg_", 1_500)));
    horizon.set(at(500), at(500));
    assertThat(storage.retention().purge(tenant.name(), at(0)))
        .isEqualTo(new Step(Counts.NONE, true));
    horizon.clear();

    assertGone(tenant);
    assertThat(storage.retention().purge(tenant.name(), at(0)))
        .isEqualTo(new Step(new Counts(0, 500, 0, 0), true));
    assertGone(tenant);
    assertThat(storage.retention().state(tenant.name()).oldestConversation()).isEqualTo(at(0));
    assertThat(purge(storage.retention(), tenant.name())).isEqualTo(new Counts(1, 1_000, 0, 0));
    rows.assertNothingIsLeft(tenant.name());
  }

  private void assertGone(SampleTenant tenant) {
    PageRequest page = new PageRequest(10, Order.ASC, null);
    assertThat(storage.conversations().find(tenant.scope(), "conv")).isEmpty();
    assertThatThrownBy(() -> storage.conversations().items(tenant.scope(), "conv", page))
        .isInstanceOf(HistoryFailure.NotFound.class);
    assertThatThrownBy(() -> storage.conversations().item(tenant.scope(), "conv", "msg_1"))
        .isInstanceOf(HistoryFailure.NotFound.class);
    assertThatThrownBy(() -> tenant.append(tenant.key("conv"), message("late")))
        .isInstanceOf(HistoryFailure.NotFound.class);
    assertThatThrownBy(
            () -> storage.conversations().removeItem(tenant.scope(), "conv", "msg_1", at(1)))
        .isInstanceOf(HistoryFailure.NotFound.class);
    assertThat(storage.conversations().delete(tenant.scope(), "conv")).isFalse();
    for (Metadata filter : List.of(Metadata.NONE, labels("a", "b"))) {
      assertThat(
              storage
                  .conversations()
                  .list(tenant.scope(), new ConversationFilter(filter, TimeRange.ALWAYS), page)
                  .data())
          .isEmpty();
    }
    assertThat(tenant.canLink("msg_1")).isFalse();
  }

  /** The connection is ended by the server at one statement after the other. */
  @Test
  void aPurgeThatIsBrokenOffAnywhereIsFinishedByTheNext() throws Exception {
    // Without a pool, which would go on to give connections that have ended.
    DataSource database = server.newDatabase("purge_broken");
    DueRowsLeft left = new DueRowsLeft(database);
    JpaStorage writing = storage(database);
    SampleTenant tenant = SampleTenant.fresh(writing);
    int broken = 0;
    boolean finished = false;
    while (!finished) {
      horizon.clear();
      int number = broken;
      String suffix = "_" + number;
      Key large = tenant.conversation("conv_large" + suffix, messages("msg" + suffix + "_", 1_100));
      tenant.record(tenant.turn("resp" + suffix).in(large).input(message("in" + suffix)));
      tenant.feedback("fb" + suffix, "resp" + suffix);
      horizon.set(at(500), at(500));
      AtomicInteger statements = new AtomicInteger();
      DataSource dying =
          InterceptedDataSource.dataSource(
              database,
              sql -> {
                if (statements.getAndIncrement() == number) {
                  endAll(database);
                }
                return sql;
              },
              error -> error);
      try (JpaStorage purging = storage(dying)) {
        purging.verify();
        statements.set(0);
        purge(purging.retention(), tenant.name());
        finished = statements.get() <= number;
      } catch (HistoryFailure.Unavailable expected) {
        broken++;
      }
      assertThatThrownBy(() -> tenant.items(large)).isInstanceOf(HistoryFailure.NotFound.class);
      try (JpaStorage next = storage(database)) {
        purge(next.retention(), tenant.name());
      }
      left.assertNothingIsLeft(tenant.name());
    }
    writing.close();
    assertThat(broken).isGreaterThan(8);
  }

  private static void endAll(DataSource database) {
    try {
      PostgresServer.run(
          database,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneServerPurgesAtATimeUntilItStopsOrDies() {
    RetentionStore store = storage.retention();
    Duration longer = Duration.ofMinutes(1);

    assertThat(store.lease("one", longer)).isTrue();
    assertThat(store.lease("two", longer)).isFalse();
    assertThat(store.lease("one", longer)).isTrue();
    store.release("two");
    assertThat(store.lease("two", longer)).isFalse();
    store.release("one");
    assertThat(store.lease("two", Duration.ofMillis(50))).isTrue();
    // It dies without a word.
    await("the lease ends", () -> store.lease("one", longer));
    assertThat(store.lease("two", longer)).isFalse();
    store.release("one");
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
