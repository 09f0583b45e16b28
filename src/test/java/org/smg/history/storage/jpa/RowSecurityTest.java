package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Scope;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.PostgresDialect;
import org.smg.history.storage.jpa.schema.Schema;
import org.smg.history.storage.jpa.schema.SchemaMismatch;

/** PostgreSQL keeps tenants apart by itself, whatever the statements ask for. */
@ExtendWith(PostgresServer.Shared.class)
class RowSecurityTest {

  private static final Dialect DIALECT = new PostgresDialect();
  private static final Dialect.Scripts NEXT = new Dialect.Scripts(4, List.of("postgres", "next"));
  private static final String APP = "history_app";
  private static final PageRequest PAGE = new PageRequest(100, Order.ASC, null);

  /** More than the driver waits for before it prepares a statement on the server. */
  private static final int REPEATED = 20;

  private final String name = "secured_" + UUID.randomUUID().toString().replace('-', '_');
  private PostgresServer server;
  private DataSource administrator;
  private DataSource app;
  private JpaStorage storage;

  @BeforeEach
  void makeDatabase(PostgresServer shared) throws SQLException, IOException {
    server = shared;
    administrator = shared.newSecuredDatabase(name);
    app = shared.pool(name, 1, APP);
    storage = secured(app);
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  private static JpaStorage secured(DataSource source) {
    return new JpaStorage(() -> source, false, true, DIALECT);
  }

  /** Makes history with the ids that every tenant here has. */
  private static SampleTenant tenant(JpaStorage storage, String tenant) {
    SampleTenant made = new SampleTenant(storage, tenant);
    Key conversation = made.key("conv");
    storage
        .conversations()
        .create(
            made.scope(),
            Samples.conversation(conversation, 0, labels("of", tenant)),
            List.of(message("msg_" + tenant)));
    made.record(made.turn("resp").in(conversation).input(message("in_" + tenant)));
    made.feedback("fb", "resp");
    return made;
  }

  /** The condition on the tenant is taken out of every statement. */
  private static DataSource withoutCondition(DataSource source) {
    return InterceptedDataSource.dataSource(
        source,
        sql -> sql.replaceAll("(?i)((\\w+\\.)?tenant = (\\?|\\w+\\.tenant))", "($1 OR TRUE)"),
        error -> error);
  }

  private record Seen(boolean conversation, int items, int responses, int feedback, boolean link) {}

  /** What of a tenant's history another one sees. */
  private static Seen seen(JpaStorage reader, String by) {
    Scope scope = new Scope(by, null);
    SampleTenant tenant = new SampleTenant(reader, by);
    return new Seen(
        reader.conversations().find(scope, "conv").isPresent()
            || !reader
                .conversations()
                .list(scope, new ConversationFilter(Metadata.NONE, TimeRange.ALWAYS), PAGE)
                .data()
                .isEmpty(),
        count(() -> reader.conversations().items(scope, "conv", PAGE).data().size())
            + count(() -> reader.responses().inputItems(scope, "resp", PAGE).data().size()),
        reader
                .responses()
                .list(
                    scope,
                    new ResponseFilter(
                        null, null, null, null, null, Metadata.NONE, TimeRange.ALWAYS),
                    PAGE)
                .data()
                .size()
            + count(() -> reader.responses().chain(scope, "resp", 10).data().size()),
        reader
            .feedback()
            .list(scope, new FeedbackFilter(null, null, null, null, null, TimeRange.ALWAYS), PAGE)
            .data()
            .size(),
        tenant.canLink("msg_a"));
  }

  private static int count(java.util.function.IntSupplier read) {
    try {
      return read.getAsInt();
    } catch (org.smg.history.model.HistoryFailure.NotFound notFound) {
      return 0;
    }
  }

  @Test
  void statementsWithoutTheConditionShowNothingOfOthers() {
    tenant(storage, "a");
    DataSource superusers = server.pool(name, 4);

    try (JpaStorage forgetful = secured(withoutCondition(app));
        JpaStorage unprotected =
            new JpaStorage(() -> withoutCondition(superusers), false, DIALECT)) {
      Seen nothing = new Seen(false, 0, 0, 0, false);
      assertThat(seen(forgetful, "b")).isEqualTo(nothing);
      assertThat(seen(unprotected, "b")).isEqualTo(new Seen(true, 3, 2, 1, true));
    }
  }

  @Test
  void statementsWithoutTheConditionChangeNothingOfOthers() throws SQLException {
    tenant(storage, "a");
    Scope other = new Scope("b", null);

    try (JpaStorage forgetful = secured(withoutCondition(app))) {
      forgetful.conversations().replaceMetadata(other, "conv", labels("x", "y"), Samples.at(5));
      forgetful.conversations().delete(other, "conv");
      forgetful.responses().delete(other, "resp");
      forgetful.feedback().delete(other, "fb");
    }

    SampleTenant kept = new SampleTenant(storage, "a");
    assertThat(storage.conversations().find(kept.scope(), "conv").orElseThrow().metadata())
        .isEqualTo(labels("of", "a"));
    assertThat(storage.responses().find(kept.scope(), "resp")).isPresent();
    assertThat(storage.feedback().find(kept.scope(), "fb")).isPresent();
  }

  /** Plans of each kind evaluate the policy anew: one connection serves two tenants in turn. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "work_mem = '4MB'",
        "plan_cache_mode = force_generic_plan",
        "plan_cache_mode = force_custom_plan",
        "enable_seqscan = off",
        "enable_indexscan = off",
        "debug_parallel_query = on"
      })
  void everyPlanShowsTheTenantOfItsTransaction(String setting) throws SQLException {
    PostgresServer.run(administrator, "ALTER DATABASE %s SET %s".formatted(name, setting));
    if (setting.startsWith("debug_parallel")) {
      for (String cost : List.of("parallel_setup_cost", "parallel_tuple_cost")) {
        PostgresServer.run(administrator, "ALTER DATABASE %s SET %s = 0".formatted(name, cost));
      }
    }
    DataSource one = server.pool(name, 1, APP);
    try (JpaStorage alternating = secured(withoutCondition(one))) {
      tenant(alternating, "a");
      tenant(alternating, "b");
      for (int i = 0; i < REPEATED; i++) {
        for (String tenant : List.of("a", "b", "c")) {
          Scope scope = new Scope(tenant, null);
          List<Metadata> labels =
              alternating
                  .conversations()
                  .list(scope, new ConversationFilter(Metadata.NONE, TimeRange.ALWAYS), PAGE)
                  .data()
                  .stream()
                  .map(conversation -> conversation.metadata())
                  .toList();
          assertThat(labels)
              .isEqualTo(tenant.equals("c") ? List.of() : List.of(labels("of", tenant)));
          assertThat(alternating.conversations().find(scope, "conv").isPresent())
              .isEqualTo(!tenant.equals("c"));
        }
      }
    }
  }

  @Test
  void aPooledConnectionForgetsTheTenantAtTheEndOfEachTransaction() throws SQLException {
    tenant(storage, "a");
    DataSource pool = server.pool(name, 1, APP);

    try (Connection connection = pool.getConnection()) {
      assertThat(conversations(connection)).isZero();
      connection.setAutoCommit(false);
      for (boolean commits : List.of(true, false)) {
        name(connection, "a");
        assertThat(conversations(connection)).isOne();
        if (commits) {
          connection.commit();
        } else {
          connection.rollback();
        }
        assertThat(conversations(connection)).isZero();
      }
      name(connection, "b");
      assertThat(conversations(connection)).isZero();
      assertThatThrownBy(
              () -> run(connection, "INSERT INTO tenants SELECT 'x'; " + insertConversation("a")))
          .hasMessageContaining("row-level security policy");
      connection.rollback();
      assertThat(conversations(connection)).isZero();
    }
  }

  /** Also where the statement fails, in the middle of what is sent together. */
  @Test
  void aConnectionThatServedATenantShowsNothingAfterwards() throws SQLException {
    SampleTenant a = tenant(storage, "a");
    assertThatThrownBy(() -> a.append(a.key("conv"), message("msg_a")))
        .hasMessageContaining("already");

    try (Connection connection = app.getConnection()) {
      assertThat(conversations(connection)).isZero();
      assertThatThrownBy(() -> run(connection, insertConversation("a")))
          .hasMessageContaining("row-level security policy");
    }
  }

  /** An empty name is none: it is what the setting holds once a transaction has ended. */
  @Test
  void anEmptyTenantSeesNothing() throws SQLException {
    PostgresServer.run(administrator, insertConversation(""));

    try (Connection connection = app.getConnection()) {
      connection.setAutoCommit(false);
      name(connection, "");
      assertThat(conversations(connection)).isZero();
    }
  }

  @Test
  void rowSecurityCostsNoRoundTrip() throws SQLException {
    server.newDatabase(name + "_open");
    DataSource open = server.pool(name + "_open", 4);
    List<Integer> secured = roundTrips(storage);
    try (JpaStorage unsecured = new JpaStorage(() -> open, false, DIALECT)) {
      assertThat(secured).isEqualTo(roundTrips(unsecured));
    }
  }

  /** The ends of what the driver sends at once, by its own log, for each operation. */
  private static List<Integer> roundTrips(JpaStorage storage) {
    SampleTenant tenant = tenant(storage, "counted");
    Scope scope = tenant.scope();
    List<Runnable> operations =
        List.of(
            () -> storage.conversations().find(scope, "conv"),
            () -> storage.conversations().items(scope, "conv", PAGE),
            () -> storage.conversations().item(scope, "conv", "msg_counted"),
            () ->
                storage
                    .conversations()
                    .list(scope, new ConversationFilter(Metadata.NONE, TimeRange.ALWAYS), PAGE),
            () -> storage.responses().find(scope, "resp"),
            () -> storage.responses().inputItems(scope, "resp", PAGE),
            () -> storage.responses().chain(scope, "resp", 10),
            () -> storage.feedback().find(scope, "fb"),
            () -> tenant.conversation("conv_" + UUID.randomUUID(), message("msg")),
            () -> tenant.append(tenant.key("conv"), message("msg_" + UUID.randomUUID())),
            () -> tenant.record(tenant.turn("resp_" + UUID.randomUUID()).input(message("in"))),
            () -> storage.conversations().delete(scope, "none"),
            () -> storage.idempotency().find("counted", "none", Instant.now()));
    Syncs syncs = new Syncs();
    return operations.stream().map(syncs::count).toList();
  }

  private static final class Syncs extends Handler {

    private final Logger driver = Logger.getLogger("org.postgresql.core.v3.QueryExecutorImpl");
    private int seen;

    int count(Runnable operation) {
      driver.addHandler(this);
      driver.setLevel(Level.FINEST);
      driver.setUseParentHandlers(false);
      seen = 0;
      try {
        for (int i = 0; i < REPEATED; i++) {
          operation.run();
        }
        return seen;
      } finally {
        driver.removeHandler(this);
        driver.setLevel(null);
        driver.setUseParentHandlers(true);
      }
    }

    @Override
    public void publish(LogRecord line) {
      if (line.getMessage().contains("FE=> Sync")) {
        seen++;
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** After some repetitions it would end the transaction before the statement itself. */
  @Test
  void aDriverThatDescribesStatementsFirstIsRefused() {
    PGSimpleDataSource describing = new PGSimpleDataSource();
    describing.setUrl(
        "jdbc:postgresql://localhost:%d/%s?stringtype=unspecified".formatted(server.port(), name));
    describing.setUser(APP);

    assertThatThrownBy(() -> check(describing, true))
        .isInstanceOf(SchemaMismatch.class)
        .hasMessageContaining("remove stringtype=unspecified");
  }

  @Test
  void expiredIdempotencyKeysAreRemovedTenantByTenant() throws SQLException {
    for (String tenant : List.of("a", "b")) {
      PostgresServer.run(
          administrator,
          """
          INSERT INTO idempotency_keys (tenant, key_hash, request_hash, status, recorded_at)
          SELECT '%s', 'key_' || n, 'x', 200, n FROM generate_series(1, 5) n"""
              .formatted(tenant));
    }

    Optional<IdempotencyRecord> none = storage.idempotency().find("a", "none", Instant.now());

    assertThat(none).isEmpty();
    assertThat(number("SELECT count(*) FROM idempotency_keys WHERE tenant = 'a'")).isZero();
    assertThat(number("SELECT count(*) FROM idempotency_keys WHERE tenant = 'b'")).isEqualTo(5);
  }

  @Test
  void tenantsAreListedForJobs() throws SQLException, IOException {
    tenant(storage, "a");
    tenant(storage, "b");
    PostgresServer.run(administrator, "DELETE FROM tenants WHERE tenant = 'a'");

    PostgresServer.run(administrator, PostgresServer.script("row-security.sql"));

    try (Connection connection = app.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT string_agg(tenant, ',' ORDER BY tenant) FROM tenants");
        ResultSet rows = query.executeQuery()) {
      rows.next();
      assertThat(rows.getString(1)).isEqualTo("b");
    }
  }

  @Test
  void theScriptListsTheTenantsThatAreThereBefore() throws SQLException, IOException {
    server.newDatabase(name + "_old");
    DataSource old = server.database(name + "_old");
    PostgresServer.run(old, PostgresServer.numberedScripts());
    PostgresServer.run(old, insertConversation("before"));

    PostgresServer.run(old, PostgresServer.script("row-security.sql"));

    assertThat(number(old, "SELECT count(*) FROM tenants WHERE tenant = 'before'")).isOne();
  }

  @Test
  void aStartWithThePoliciesGoesOnAndTheScriptCanBeRunAgain() throws SQLException, IOException {
    check(app, true);

    PostgresServer.run(administrator, PostgresServer.script("row-security.sql"));

    check(app, true);
  }

  /** Each leaves a hole, or a server that would see nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP POLICY history_tenant ON items"
            + "| the table items is not covered by row security; run db-scripts/postgres/row-security.sql",
        "ALTER TABLE feedback DISABLE ROW LEVEL SECURITY"
            + "| the table feedback is not covered by row security; run db-scripts/postgres/row-security.sql",
        "ALTER TABLE responses OWNER TO history_app; ALTER TABLE responses NO FORCE ROW LEVEL SECURITY"
            + "| the table responses is not covered by row security; run db-scripts/postgres/row-security.sql",
        "CREATE TABLE notes (tenant text, content text)"
            + "| the table notes is not covered by row security; run db-scripts/postgres/row-security.sql",
        "CREATE TABLE notes (content text)"
            + "| the table notes is not covered by row security; run db-scripts/postgres/row-security.sql",
        "ALTER POLICY history_tenant ON items USING (true)"
            + "| the table items is not covered by row security; run db-scripts/postgres/row-security.sql",
        "ALTER POLICY history_tenant ON items WITH CHECK (true)"
            + "| the table items is not covered by row security; run db-scripts/postgres/row-security.sql",
        "CREATE POLICY auditors ON items USING (true)"
            + "| the policy auditors on the table items shows the user more rows than those of one"
            + " tenant; drop it or give it to another role",
        "DROP TABLE tenants"
            + "| the table tenants is missing; run db-scripts/postgres/row-security.sql",
        "ALTER VIEW readable_items OWNER TO postgres"
            + "| the view readable_items belongs to postgres, who bypasses row security; make another"
            + " role its owner"
      })
  void aStartWithAHoleIsRefused(String holeAndFault) throws SQLException {
    String[] parts = holeAndFault.split("\\| ");
    PostgresServer.run(administrator, parts[0]);

    assertThatThrownBy(() -> check(app, true))
        .isInstanceOf(SchemaMismatch.class)
        .hasMessage("Database schema: " + parts[1]);
  }

  @Test
  void aPolicyOfAnotherRoleIsNoHole() throws SQLException {
    PostgresServer.run(
        administrator, "CREATE POLICY owners ON items TO history_owner USING (true)");

    check(app, true);
  }

  @Test
  void aUserWhoBypassesPoliciesIsRefused() {
    assertThatThrownBy(() -> check(administrator, true))
        .isInstanceOf(SchemaMismatch.class)
        .hasMessageContaining("the user postgres bypasses row security");
  }

  @Test
  void aServerThatDoesNotExpectThePoliciesIsRefused() {
    assertThatThrownBy(() -> check(app, false))
        .isInstanceOf(SchemaMismatch.class)
        .hasMessage(
            "Database schema: the table conversation_labels is covered by row security; set"
                + " history-row-security=true, or undo row-security.sql");
  }

  @Test
  void aStartWithoutAnyPolicyIsRefused() throws SQLException, IOException {
    DataSource plain = server.newDatabase(name + "_plain");
    PostgresServer.run(plain, PostgresServer.script("roles.sql"));
    PostgresServer.run(plain, "SET ROLE history_owner; " + PostgresServer.numberedScripts());
    DataSource user = server.pool(name + "_plain", 2, APP);

    try (JpaStorage started = secured(user)) {
      assertThatThrownBy(started::verify)
          .isInstanceOf(SchemaMismatch.class)
          .hasMessageContaining("row-security.sql");
    }
  }

  /** A user who owns the tables: start once, run the script, start with the option. */
  @Test
  void theOwnerIsKeptToOneTenantTooAndCanBringTheSchemaUpToDate() throws SQLException, IOException {
    String owned = name + "_owned";
    String owner = "owner_" + name;
    PostgresServer.run(administrator, "CREATE ROLE %s LOGIN".formatted(owner));
    DataSource first = server.newDatabase(owned);
    PostgresServer.run(first, "GRANT CREATE, USAGE ON SCHEMA public TO " + owner);
    DataSource pool = server.pool(owned, 4, owner);
    new Schema(pool, DIALECT, DIALECT.scripts(), false).check();
    PostgresServer.run(pool, PostgresServer.script("row-security.sql"));

    try (JpaStorage started = secured(withoutCondition(pool))) {
      started.verify();
      tenant(started, "a");
      assertThat(seen(started, "b")).isEqualTo(new Seen(false, 0, 0, 0, false));
    }

    Schema next = new Schema(pool, DIALECT, NEXT, true);
    next.check();
    next.checkRowSecurity(true);
    assertThat(next.version()).isEqualTo(4);
  }

  private static void check(DataSource source, boolean wanted) throws SQLException {
    new Schema(source, DIALECT, DIALECT.scripts(), false).checkRowSecurity(wanted);
  }

  private static String insertConversation(String tenant) {
    return "INSERT INTO conversations VALUES ('%s', 'conv_x', NULL, 0, 0, 1, '{}')"
        .formatted(tenant);
  }

  private static void name(Connection connection, String tenant) throws SQLException {
    run(connection, "SELECT set_config('history.tenant', '%s', true)".formatted(tenant));
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    }
  }

  private static long conversations(Connection connection) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement("SELECT count(*) FROM conversations");
        ResultSet rows = query.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private long number(String sql) throws SQLException {
    return number(administrator, sql);
  }

  private static long number(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement query = connection.prepareStatement(sql);
        ResultSet rows = query.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
