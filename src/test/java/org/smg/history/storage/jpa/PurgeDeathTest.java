package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.JavaProcess;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.TimeRange;
import org.smg.history.retention.TestPurge;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.Paging;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.jpa.dialect.PostgresDialect;

/** Servers die while they purge, and another one goes on once their lease has ended. */
@ExtendWith(PostgresServer.Shared.class)
@Timeout(180)
class PurgeDeathTest {

  private static final String DATABASE = "purge_death";
  private static final String HALVES = "purge_death_halves";
  private static final int DUE = 1_000;

  /** Few, so that most purges die while they remove conversations, which take several steps. */
  private static final int DUE_RESPONSES = 150;

  private static final int KEPT = 20;
  private static final int ITEMS = 3;
  private static final int KILLS = 4;

  /** Ten transactions' worth, so that a purge can be killed between two of them. */
  private static final int MANY_ITEMS = 5_000;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LATER = Duration.ofDays(15).toMillis() * 1000;

  @Test
  void whatADeadServerHasBegunIsFinishedByAnother(PostgresServer server) throws Exception {
    DataSource owner = server.newDatabase(DATABASE);
    try (JpaStorage storage = storage(server.pool(DATABASE))) {
      storage.verify();
      DueRowsLeft rows = new DueRowsLeft(owner);
      SampleTenant tenant = SampleTenant.fresh(storage);
      write(tenant);
      TestPurge survivor = new TestPurge(storage);

      for (int kill = 0; kill < KILLS; kill++) {
        long before = due(rows, tenant.name());
        killAPurge(server, DATABASE, () -> due(rows, tenant.name()) != before);
        assertThat(survivor.run()).as("the dead server's lease goes on").isFalse();
        assertOnlyWhatIsKeptIsSeen(tenant);
        endTheLease(owner);
      }

      assertThat(due(rows, tenant.name())).as("left by those who died").isPositive();
      assertThat(survivor.run()).isTrue();
      rows.assertNothingDueIsLeft(tenant.name(), TestPurge.horizon());
      assertOnlyWhatIsKeptIsSeen(tenant);
    }
  }

  /** The reader keeps everything, so that the mark alone can hide what is half removed. */
  @Test
  void whatADeadServerHasHalfRemovedIsNotSeenWhateverTheOptionSaysLater(PostgresServer server)
      throws Exception {
    DataSource owner = server.newDatabase(HALVES);
    try (JpaStorage storage = storage(server.pool(HALVES));
        JpaStorage keeping = storage(server.pool(HALVES), Horizon.NONE)) {
      storage.verify();
      DueRowsLeft rows = new DueRowsLeft(owner);
      SampleTenant tenant = SampleTenant.fresh(storage);
      SampleTenant reader = new SampleTenant(keeping, tenant.name());
      Key large = tenant.key("conv_due_large");
      storage
          .conversations()
          .create(
              tenant.scope(),
              Samples.conversation(large, 0, Metadata.NONE),
              List.of(messages("large_", MANY_ITEMS)));
      writeConversation(tenant, "kept", LATER);
      assertThat(reader.itemIds(large)).hasSize(MANY_ITEMS);

      killAPurge(server, HALVES, () -> items(rows, large) < MANY_ITEMS);

      assertThat(items(rows, large)).as("half of it is left").isBetween(1L, MANY_ITEMS - 1L);
      assertThat(conversations(reader)).containsExactly("conv_kept");
      assertThat(keeping.conversations().find(reader.scope(), large.id())).isEmpty();
      assertThatThrownBy(() -> reader.itemIds(large)).isInstanceOf(HistoryFailure.NotFound.class);
      assertThatThrownBy(() -> reader.append(large, message("late")))
          .isInstanceOf(HistoryFailure.NotFound.class);
      assertThat(reader.canLink("large_1")).isFalse();

      endTheLease(owner);
      assertThat(new TestPurge(storage).run()).isTrue();
      rows.assertNothingDueIsLeft(tenant.name(), TestPurge.horizon());
      assertThat(items(rows, large)).isZero();
      assertThat(reader.itemIds(tenant.key("conv_kept"))).hasSize(ITEMS);
    }
  }

  private static long items(DueRowsLeft rows, Key conversation) {
    return rows.count(
        "items WHERE tenant = ? AND conversation_id = '%s'".formatted(conversation.id()),
        conversation.tenant());
  }

  private static JpaStorage storage(DataSource source) {
    return storage(source, TestPurge.horizon());
  }

  private static JpaStorage storage(DataSource source, Horizon horizon) {
    return new JpaStorage(
        () -> source, false, false, new PostgresDialect(), ByteMeter.NONE, horizon);
  }

  private static void write(SampleTenant tenant) {
    for (int i = 0; i < DUE; i++) {
      writeConversation(tenant, "due_" + i, i);
    }
    for (int i = 0; i < DUE_RESPONSES; i++) {
      writeResponse(tenant, "due_" + i, i);
    }
    for (int i = 0; i < KEPT; i++) {
      writeConversation(tenant, "kept_" + i, LATER + i);
      writeResponse(tenant, "kept_" + i, LATER + i);
    }
  }

  private static void writeConversation(SampleTenant tenant, String name, long micros) {
    Key conversation = tenant.key("conv_" + name);
    tenant
        .storage()
        .conversations()
        .create(
            tenant.scope(),
            Samples.conversation(conversation, micros, Metadata.NONE),
            List.of(messages(name + "_", ITEMS)));
  }

  private static void writeResponse(SampleTenant tenant, String name, long micros) {
    tenant.record(
        tenant
            .turn("resp_" + name)
            .created(micros)
            .recorded(micros)
            .input(message("in_" + name))
            .output(message("out_" + name)));
  }

  /** In the middle of its work. */
  private static void killAPurge(
      PostgresServer server, String database, BooleanSupplier inTheMiddle)
      throws IOException, InterruptedException {
    Process purge =
        JavaProcess.of(KilledPurge.class, Integer.toString(server.port()), database)
            .inheritIO()
            .start();
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!inTheMiddle.getAsBoolean()) {
      assertThat(purge.isAlive()).as("the purge goes on").isTrue();
      assertThat(Instant.now()).as("the purge removes something").isBefore(deadline);
      LockSupport.parkNanos(1_000_000);
    }
    purge.toHandle().destroyForcibly();
    assertThat(purge.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private static long due(DueRowsLeft rows, String tenant) {
    return rows.count(
            "conversations WHERE tenant = ? AND updated_at < "
                + TestPurge.horizon().conversations(),
            tenant)
        + rows.count(
            "responses WHERE tenant = ? AND recorded_at < " + TestPurge.horizon().responses(),
            tenant);
  }

  /** As its time would. */
  private static void endTheLease(DataSource owner) throws SQLException {
    PostgresServer.run(owner, "UPDATE purge_lease SET expires_at = 0");
  }

  private static void assertOnlyWhatIsKeptIsSeen(SampleTenant tenant) {
    List<String> conversations = conversations(tenant);
    assertThat(conversations).hasSize(KEPT).allMatch(id -> id.startsWith("conv_kept_"));
    conversations.forEach(id -> assertThat(tenant.itemIds(tenant.key(id))).as(id).hasSize(ITEMS));
    assertThat(
            Paging.of(
                    page ->
                        tenant
                            .storage()
                            .responses()
                            .list(
                                tenant.scope(),
                                new ResponseFilter(
                                    null, null, null, null, null, Metadata.NONE, TimeRange.ALWAYS),
                                page),
                    found -> found.key().id())
                .walk(Order.ASC, 7))
        .hasSize(KEPT)
        .allMatch(found -> found.key().id().startsWith("resp_kept_"));
    assertThat(tenant.canLink("due_0_1", LATER)).isFalse();
  }

  private static List<String> conversations(SampleTenant tenant) {
    return Paging.of(
            page ->
                tenant
                    .storage()
                    .conversations()
                    .list(
                        tenant.scope(),
                        new ConversationFilter(Metadata.NONE, TimeRange.ALWAYS),
                        page),
            found -> found.key().id())
        .walk(Order.ASC, 7)
        .stream()
        .map(found -> found.key().id())
        .toList();
  }
}
