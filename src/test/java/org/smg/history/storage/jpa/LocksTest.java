package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.scopeOf;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.jpa.dialect.PostgresDialect;

/**
 * Runs two transactions. The first one stops right before its commit, until the second one waits
 * for it or has ended. So a missing lock makes the test fail every time, whatever the timing.
 */
@ExtendWith(PostgresServer.Shared.class)
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
class LocksTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private DataSource database;
  private JpaStorage storage;

  @BeforeAll
  void start(PostgresServer server) throws SQLException {
    server.newDatabase("locks");
    database = server.pool("locks");
    storage = storage(database);
    storage.verify();
  }

  @AfterAll
  void stop() {
    threads.shutdownNow();
    storage.close();
  }

  @Test
  void labelsAreThoseOfTheLastUpdateOfMetadata() throws Exception {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key conversation = tenant.conversation("conv");

    oneUponTheOther(
        first ->
            first
                .conversations()
                .replaceMetadata(
                    scopeOf(conversation), conversation.id(), labels("by", "first"), at(1)),
        second ->
            second
                .conversations()
                .replaceMetadata(
                    scopeOf(conversation), conversation.id(), labels("by", "second"), at(2)));

    assertThat(
            storage
                .conversations()
                .find(scopeOf(conversation), conversation.id())
                .orElseThrow()
                .metadata())
        .isEqualTo(labels("by", "second"));
    assertThat(labelled(tenant, labels("by", "second"))).hasSize(1);
    assertThat(labelled(tenant, labels("by", "first"))).isEmpty();
  }

  @Test
  void anItemIsAppendedBehindThoseOfATransactionThatIsStillOpen() throws Exception {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key conversation = tenant.conversation("conv");

    oneUponTheOther(
        first ->
            first
                .conversations()
                .append(scopeOf(conversation), conversation.id(), List.of(message("first")), at(1)),
        second ->
            second
                .conversations()
                .append(
                    scopeOf(conversation), conversation.id(), List.of(message("second")), at(2)));

    assertThat(tenant.itemIds(conversation)).containsExactly("first", "second");
  }

  private interface Step {
    void run(JpaStorage storage);
  }

  private void oneUponTheOther(Step first, Step second) throws Exception {
    CountDownLatch complete = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    AtomicBoolean holding = new AtomicBoolean();
    try (JpaStorage held = storage(heldBeforeCommit(holding, complete, released))) {
      held.verify();
      holding.set(true);
      Future<?> one = threads.submit(() -> first.run(held));
      assertThat(complete.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      Future<?> other = threads.submit(() -> second.run(storage));
      Instant deadline = Instant.now().plus(PATIENCE);
      while (!other.isDone() && !somebodyWaits()) {
        assertThat(Instant.now()).isBefore(deadline);
        Thread.onSpinWait();
      }
      released.countDown();
      one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      other.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } finally {
      released.countDown();
    }
  }

  private boolean somebodyWaits() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT EXISTS (SELECT 1 FROM pg_stat_activity
                               WHERE datname = current_database() AND wait_event_type = 'Lock')
                """)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private List<Conversation> labelled(SampleTenant tenant, Metadata metadata) {
    return storage
        .conversations()
        .list(
            tenant.scope(),
            new ConversationFilter(metadata, TimeRange.ALWAYS),
            new PageRequest(10, Order.ASC, null))
        .data();
  }

  private static JpaStorage storage(DataSource dataSource) {
    return new JpaStorage(() -> dataSource, false, new PostgresDialect());
  }

  private DataSource heldBeforeCommit(
      AtomicBoolean holding, CountDownLatch complete, CountDownLatch released) {
    return StatementLog.proxy(
        DataSource.class,
        (self, method, arguments) ->
            StatementLog.call(database, method, arguments) instanceof Connection connection
                ? heldBeforeCommit(connection, holding, complete, released)
                : null);
  }

  private static Connection heldBeforeCommit(
      Connection connection,
      AtomicBoolean holding,
      CountDownLatch complete,
      CountDownLatch released) {
    return StatementLog.proxy(
        Connection.class,
        (self, method, arguments) -> {
          if (method.getName().equals("commit") && holding.get()) {
            complete.countDown();
            released.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
          }
          return StatementLog.call(connection, method, arguments);
        });
  }
}
