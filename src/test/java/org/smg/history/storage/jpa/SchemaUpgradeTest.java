package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.scopeOf;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.common.BaseDataSource;
import org.smg.history.model.Key;
import org.smg.history.model.ResponseStatus;
import org.smg.history.storage.ByteSums;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.TurnBuilder;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.PostgresDialect;
import org.smg.history.storage.jpa.schema.Schema;

/** Several servers while a schema is upgraded to the next version. */
@ExtendWith(PostgresServer.Shared.class)
class SchemaUpgradeTest {

  private static final Dialect DIALECT = new PostgresDialect();
  private static final Dialect.Scripts SCRIPTS = DIALECT.scripts();
  private static final Dialect.Scripts NEXT =
      new Dialect.Scripts(SCRIPTS.version() + 1, List.of("postgres", "next"));

  private final String name = "upgrade_" + UUID.randomUUID().toString().replace('-', '_');
  private PostgresServer server;
  private DataSource owner;

  @BeforeEach
  void makeDatabase(PostgresServer shared) throws SQLException {
    server = shared;
    owner = shared.newDatabase(name);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void newServersThatStartAtOnceBringTheSchemaUpToDateOnce(boolean madeByHand) throws Exception {
    if (madeByHand) {
      PostgresServer.run(owner, PostgresServer.numberedScripts());
    } else {
      new Schema(owner, DIALECT, SCRIPTS, false).check();
    }
    ExecutorService servers = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> starts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        starts.add(
            () -> {
              new Schema(owner, DIALECT, NEXT, true).check();
              return null;
            });
      }
      for (Future<Void> start : servers.invokeAll(starts)) {
        start.get();
      }
    } finally {
      servers.shutdownNow();
    }

    assertThat(strings("SELECT CAST(version AS text) FROM history_schema ORDER BY 1"))
        .containsExactly("1", "2", "3", "4", "5");
    assertThat(strings("SELECT script FROM flyway_schema_history WHERE script LIKE 'V5%'"))
        .hasSize(1);
  }

  /** What version 1 made and filled is served by version 2, and counts once its script has run. */
  @Test
  void aSchemaOfVersion1IsBroughtUpToDateWithItsData() throws Exception {
    PostgresServer.run(owner, PostgresServer.script("V1__history.sql"));
    PostgresServer.run(
        owner,
        """
        INSERT INTO conversations VALUES ('t', 'conv', NULL, 1, 1, 2, '{}');
        INSERT INTO items VALUES ('t', 'conv', 1, 'msg', 'message', NULL, NULL, 1, '{"a":"\u00e9"}')""");
    DataSource pool = server.pool(name);

    try (JpaStorage storage = new JpaStorage(() -> pool, true, new PostgresDialect())) {
      SampleTenant tenant = new SampleTenant(storage, "t");
      assertThat(tenant.itemIds(tenant.key("conv"))).containsExactly("msg");
      assertThat(storage.byteSums().sums("t")).isEmpty();

      PostgresServer.run(owner, PostgresServer.script("count-stored-bytes.sql"));

      assertThat(storage.byteSums().sums("t")).isEqualTo(Map.of(ByteSums.WHOLE_TENANT, 12L));
    }
  }

  @Test
  void statementsThatAServerHasPreparedSurviveNewColumns() throws SQLException {
    DataSource pool = server.pool(name);
    // Otherwise the driver has statements prepared from their fifth execution on.
    ((BaseDataSource) pool).setPrepareThreshold(1);
    try (JpaStorage storage = new JpaStorage(() -> pool, false, new PostgresDialect())) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      useEverything(tenant, "before");

      for (String table : strings("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
        PostgresServer.run(owner, "ALTER TABLE " + table + " ADD COLUMN later text DEFAULT 'x'");
      }

      useEverything(tenant, "after");
    }
  }

  private static void useEverything(SampleTenant tenant, String id) {
    Key conversation = tenant.conversation("conv" + id, message("m" + id));
    tenant.append(conversation, message("n" + id));
    tenant.record(tenant.turn("first" + id).in(conversation).input(message("o" + id)));
    tenant.record(tenant.turn("second" + id).after("first" + id));
    tenant.feedback("fb" + id, "first" + id);
    TurnBuilder run = tenant.turn("run" + id).in(conversation).status(ResponseStatus.IN_PROGRESS);
    RunStore runs = tenant.storage().runs();
    runs.begin(
        tenant.scope(),
        new RunStore.Run(run.response(), List.of(message("p" + id)), "server", "token"),
        1 << 20,
        Optional.empty());
    runs.finish(
        tenant.scope(),
        "token",
        run.status(ResponseStatus.COMPLETED).input(message("p" + id)).build(),
        at(2));

    assertThat(tenant.itemIds(conversation))
        .containsExactly("m" + id, "n" + id, "o" + id, "p" + id);
    assertThat(tenant.storage().responses().chain(tenant.scope(), "second" + id, 5).data())
        .hasSize(2);
    assertThat(tenant.input("first" + id)).hasSize(1);
    assertThat(tenant.storage().feedback().find(tenant.scope(), "fb" + id)).isPresent();
    assertThat(tenant.storage().conversations().delete(scopeOf(conversation), conversation.id()))
        .isTrue();
  }

  private List<String> strings(String query) throws SQLException {
    List<String> strings = new ArrayList<>();
    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
    }
    return strings;
  }
}
