package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.TurnBuilder;
import org.smg.history.storage.jpa.dialect.PostgresDialect;

/** A begin and an end that are broken off leave all or nothing, and can be repeated. */
@ExtendWith(PostgresServer.Shared.class)
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
class RunFaultTest {

  private static final String KEY_HASH = "k".repeat(64);

  private DataSource database;
  private JpaStorage storage;
  private SampleTenant tenant;
  private Key conversation;
  private TurnBuilder run;

  @BeforeAll
  void start(PostgresServer server) throws SQLException {
    server.newDatabase("run_faults");
    database = server.pool("run_faults");
    storage = new JpaStorage(() -> database, false, new PostgresDialect());
    storage.verify();
  }

  @AfterAll
  void stop() {
    storage.close();
  }

  @BeforeEach
  void makeConversation() {
    tenant = SampleTenant.fresh(storage);
    conversation = tenant.conversation("conv", message("before"));
    run =
        tenant
            .turn("resp")
            .in(conversation)
            .metadata(labels("a", "1"))
            .status(ResponseStatus.IN_PROGRESS)
            .fingerprint("begun")
            .input(message("in"));
  }

  private RunStore.Prompt begin(JpaStorage on) {
    Instant at = Instant.now().truncatedTo(ChronoUnit.MICROS);
    return on.runs()
        .begin(
            tenant.scope(),
            new RunStore.Run(run.response(), List.of(message("in")), "server", "token"),
            1 << 20,
            Optional.of(
                new IdempotencyRecord(KEY_HASH, "r".repeat(64), null, 200, List.of("resp"), at)));
  }

  private StoredResponse finish(JpaStorage on) {
    run.status(ResponseStatus.COMPLETED).fingerprint("finished").output(message("out"));
    return on.runs().finish(tenant.scope(), "token", run.build(), at(2));
  }

  private boolean isKeyKnown() {
    return storage.idempotency().find(tenant.name(), KEY_HASH, Instant.EPOCH).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE ON conversations",
        "INSERT ON idempotency_keys",
        "INSERT ON response_labels",
        "INSERT ON response_item_ids",
        "INSERT ON responses"
      })
  void aBeginThatFailsAnywhereLeavesNothing(String write) throws Exception {
    refusing(write, () -> begin(storage));

    assertThat(storage.responses().find(tenant.scope(), "resp")).isEmpty();
    assertThat(tenant.canLink("in")).isFalse();
    assertThat(isKeyKnown()).isFalse();
    assertThat(begin(storage).context()).containsExactly(message("before"));
    assertThat(isKeyKnown()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UPDATE ON conversations", "INSERT ON items", "UPDATE ON responses"})
  void anEndThatFailsAnywhereLeavesTheRun(String write) throws Exception {
    begin(storage);
    StoredResponse prompt = run.response();

    refusing(write, () -> finish(storage));

    assertThat(storage.responses().find(tenant.scope(), "resp")).contains(prompt);
    assertThat(tenant.itemIds(conversation)).containsExactly("before");
    assertThat(tenant.canLink("out")).isFalse();
    assertThat(finish(storage)).isEqualTo(run.response());
    assertThat(tenant.itemIds(conversation)).containsExactly("before", "in", "out");
  }

  private void refusing(String write, Runnable step) throws SQLException {
    PostgresServer.run(
        database,
        """
        CREATE OR REPLACE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation';
        END $$;
        CREATE TRIGGER refused AFTER %s FOR EACH ROW EXECUTE FUNCTION refused();
        """
            .formatted(write));
    try {
      assertThatThrownBy(step::run).hasStackTraceContaining("refused");
    } finally {
      PostgresServer.run(database, "DROP TRIGGER refused" + write.substring(write.indexOf(" ON ")));
    }
  }

  /** The server has done it, and its client has not heard of that. */
  @Test
  void whatWasDoneWithoutAnAnswerCanBeRepeated() {
    assertUnanswered(this::begin);
    assertThat(begin(storage))
        .isEqualTo(new RunStore.Prompt(List.of(message("before")), List.of(message("in"))));

    assertUnanswered(this::finish);
    assertThat(finish(storage)).isEqualTo(run.response());
    assertThat(tenant.itemIds(conversation)).containsExactly("before", "in", "out");
  }

  private interface Step {
    Object run(JpaStorage storage);
  }

  private void assertUnanswered(Step step) {
    AtomicBoolean losing = new AtomicBoolean();
    DataSource unreliable =
        StatementLog.proxy(
            DataSource.class,
            (self, method, arguments) ->
                StatementLog.call(database, method, arguments) instanceof Connection connection
                    ? lost(connection, losing)
                    : null);
    try (JpaStorage on = new JpaStorage(() -> unreliable, false, new PostgresDialect())) {
      on.verify();
      losing.set(true);
      assertThatThrownBy(() -> step.run(on)).isInstanceOf(HistoryFailure.Unavailable.class);
    }
  }

  private static Connection lost(Connection connection, AtomicBoolean losing) {
    return StatementLog.proxy(
        Connection.class,
        (self, method, arguments) -> {
          Object result = StatementLog.call(connection, method, arguments);
          if (method.getName().equals("close") && losing.get()) {
            throw new SQLException("the connection is lost", "08006");
          }
          return result;
        });
  }
}
