package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.scopeOf;
import static org.smg.history.storage.jpa.TwoTransactions.PATIENCE;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.Removed;
import org.smg.history.storage.ResponseListContract;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.jpa.TwoTransactions.Step;

/** What two transactions make of the same rows. */
@ExtendWith(PostgresServer.Shared.class)
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
class LocksTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private DataSource database;
  private TwoTransactions transactions;
  private JpaStorage storage;

  @BeforeAll
  void start(PostgresServer server) throws SQLException {
    server.newDatabase("locks");
    database = server.pool("locks");
    transactions = new TwoTransactions(database);
    storage = transactions.storage();
    storage.verify();
  }

  @AfterAll
  void stop() {
    threads.shutdownNow();
    transactions.close();
  }

  @Test
  void labelsAreThoseOfTheLastUpdateOfMetadata() throws Exception {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key conversation = tenant.conversation("conv");

    transactions.oneUponTheOther(
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

    transactions.oneUponTheOther(
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

  /** Writes, and what deletes the conversation or response that they are made to. */
  private static List<Arguments> writes() {
    Step conversation = storage -> storage.conversations().delete(tenant(storage).scope(), "conv");
    Step response = storage -> storage.responses().delete(tenant(storage).scope(), "resp");
    Step labelled = LocksTest::deleteLabelled;
    Step ofUser = LocksTest::deleteOfUser;
    Step append = storage -> tenant(storage).append(tenant(storage).key("conv"), message("late"));
    Step turn =
        storage ->
            tenant(storage)
                .record(
                    tenant(storage)
                        .turn("late")
                        .in(tenant(storage).key("conv"))
                        .metadata(labels("a", "1"))
                        .input(message("late")));
    Step relabelling =
        storage ->
            storage
                .conversations()
                .replaceMetadata(tenant(storage).scope(), "conv", labels("late", "1"), at(1))
                .orElseThrow(() -> HistoryFailure.NotFound.conversation("conv"));
    Step feedback = storage -> tenant(storage).feedback("late", "resp");
    return List.of(
        arguments("append", append, conversation),
        arguments("turn", turn, conversation),
        arguments("labels", relabelling, conversation),
        arguments("feedback", feedback, response),
        arguments("append, filter", append, labelled),
        arguments("turn, filter", turn, labelled),
        arguments("feedback, filter", feedback, ofUser));
  }

  private static Removed deleteLabelled(JpaStorage storage) {
    return storage
        .conversations()
        .delete(
            tenant(storage).scope(),
            new ConversationFilter(labels("a", "1"), TimeRange.ALWAYS),
            100);
  }

  private static Removed deleteOfUser(JpaStorage storage) {
    return storage
        .responses()
        .delete(
            tenant(storage).scope(),
            ResponseListContract.FilterBuilder.of(tenant(storage)).user("user").build(),
            100);
  }

  private static SampleTenant tenant(JpaStorage storage) {
    return new SampleTenant(storage, "left-behind");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("writes")
  void aDeleteLeavesNothingBehindOfWhatWasWrittenMeanwhile(String name, Step write, Step delete)
      throws Exception {
    beginLeftBehind();

    transactions.oneUponTheOther(write, delete);

    deleteEverything(storage);
    assertNothingIsLeft();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("writes")
  void nothingIsWrittenToWhatIsBeingDeleted(String name, Step write, Step delete) throws Exception {
    beginLeftBehind();

    transactions.oneUponTheOther(
        delete,
        second ->
            assertThatThrownBy(() -> write.run(second))
                .isInstanceOf(HistoryFailure.NotFound.class));

    deleteEverything(storage);
    assertNothingIsLeft();
  }

  /** Its conversation keeps the ids of its items for references; so they have to go with it. */
  @Test
  void aResponseThatIsDeletedWhileItsConversationIsLeavesNothingBehind() throws Exception {
    beginLeftBehind();

    transactions.oneUponTheOther(
        first -> first.conversations().delete(tenant(first).scope(), "conv"),
        second -> second.responses().delete(tenant(second).scope(), "resp"));
    assertNothingIsLeft();

    beginLeftBehind();
    transactions.oneUponTheOther(
        first -> first.responses().delete(tenant(first).scope(), "resp"),
        second -> second.conversations().delete(tenant(second).scope(), "conv"));
    assertNothingIsLeft();
  }

  @Test
  void aConversationThatIsRelabelledBeforeItsTurnComesStays() throws Exception {
    beginLeftBehind();
    List<Removed> removed = new ArrayList<>();

    transactions.oneUponTheOther(
        first ->
            first
                .conversations()
                .replaceMetadata(tenant(first).scope(), "conv", labels("b", "1"), at(2)),
        second -> removed.add(deleteLabelled(second)));

    assertThat(removed).containsExactly(new Removed(0, false));
    assertThat(tenant(storage).itemIds(tenant(storage).key("conv"))).containsExactly("in", "out");
    deleteEverything(storage);
    assertNothingIsLeft();
  }

  /** The update stands for a deletion and a recording under the same id. */
  @Test
  void aResponseThatIsRecordedAnewForSomebodyElseStays() throws Exception {
    beginLeftBehind();
    try (Connection other = database.getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE responses SET end_user = 'other' WHERE tenant = 'left-behind'");
      Future<Removed> removed = threads.submit(() -> deleteOfUser(storage));
      Instant deadline = Instant.now().plus(PATIENCE);
      while (!removed.isDone() && !transactions.somebodyWaits()) {
        assertThat(Instant.now()).isBefore(deadline);
      }
      other.commit();

      assertThat(removed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .isEqualTo(new Removed(0, false));
    }
    assertThat(storage.responses().find(tenant(storage).scope(), "resp")).isPresent();
    deleteEverything(storage);
    assertNothingIsLeft();
  }

  /**
   * Everybody who deletes locks responses in the order of their ids, and before their feedback. So
   * nobody waits for somebody who waits for him.
   */
  @Test
  void responsesAreLockedOneAfterTheOtherAndBeforeTheirFeedback() throws Exception {
    SampleTenant tenant = SampleTenant.fresh(storage);
    for (String name : List.of("b", "a")) {
      tenant.record(tenant.turn("resp_" + name).created(name.equals("b") ? 1 : 2));
      tenant.feedback("fb_" + name, "resp_" + name);
    }
    ResponseFilter all = ResponseListContract.FilterBuilder.of(tenant).build();
    Step filter = storage -> storage.responses().delete(tenant.scope(), all, 100);
    Step one = storage -> storage.responses().delete(tenant.scope(), "resp_a");

    transactions.whileLocked(
        tenant,
        "responses",
        "resp_a",
        one,
        () -> assertThat(transactions.isLocked(tenant, "feedback", "fb_a")).isFalse());
    tenant.record(tenant.turn("resp_a").created(2));
    tenant.feedback("fb_a", "resp_a");
    transactions.whileLocked(
        tenant,
        "responses",
        "resp_b",
        filter,
        () -> {
          assertThat(transactions.isLocked(tenant, "responses", "resp_a")).isTrue();
          assertThat(transactions.isLocked(tenant, "feedback", "fb_a")).isFalse();
        });
    assertThat(storage.responses().find(tenant.scope(), "resp_b")).isEmpty();
  }

  /** The ids of a conversation's items stay with the responses that they came with. */
  @Test
  void conversationsAreLockedOneAfterTheOtherAndThenTheirResponses() throws Exception {
    SampleTenant tenant = SampleTenant.fresh(storage);
    for (String name : List.of("b", "a")) {
      storage
          .conversations()
          .create(
              tenant.scope(),
              Samples.conversation(
                  tenant.key("conv_" + name), name.equals("b") ? 1 : 2, labels("a", "1")),
              List.of());
      for (String response : List.of("d", "c")) {
        tenant.record(
            tenant
                .turn("resp_" + response + name)
                .in(tenant.key("conv_" + name))
                .input(message("in_" + response)));
      }
    }
    // Many, so that the database looks them up one by one as the items come.
    PostgresServer.run(
        database,
        """
        INSERT INTO responses (tenant, id, recorded_at, created_at, status, metadata, fingerprint,
                               json)
        SELECT '%s', 'many_' || n, n, n, 'completed', '{}', 'print', '{}'
        FROM generate_series(1, 5000) n;
        ANALYZE responses, items;
        """
            .formatted(tenant.name()));
    ConversationFilter labelled = new ConversationFilter(labels("a", "1"), TimeRange.ALWAYS);
    Step filter = storage -> storage.conversations().delete(tenant.scope(), labelled, 1);

    transactions.whileLocked(
        tenant,
        "responses",
        "resp_cb",
        filter,
        () -> assertThat(transactions.isLocked(tenant, "responses", "resp_db")).isFalse());
    assertThat(storage.conversations().find(tenant.scope(), "conv_b")).isEmpty();
    storage
        .conversations()
        .create(
            tenant.scope(),
            Samples.conversation(tenant.key("conv_b"), 1, labels("a", "1")),
            List.of());
    transactions.whileLocked(
        tenant,
        "conversations",
        "conv_b",
        storage -> storage.conversations().delete(tenant.scope(), labelled, 100),
        () -> assertThat(transactions.isLocked(tenant, "conversations", "conv_a")).isTrue());
    assertThat(storage.conversations().find(tenant.scope(), "conv_a")).isEmpty();
  }

  /** Otherwise it could take longer than the driver waits, and each repetition would begin anew. */
  @Test
  void aDeletionTakesFewerConversationsIfTheyAreLong() throws Exception {
    SampleTenant tenant = SampleTenant.fresh(storage);
    for (int i = 1; i <= 5; i++) {
      storage
          .conversations()
          .create(
              tenant.scope(),
              Samples.conversation(tenant.key("conv_" + i), i, labels("a", "1")),
              List.of());
    }
    PostgresServer.run(
        database,
        """
        UPDATE conversations
        SET next_position = 1 + CASE id WHEN 'conv_1' THEN 40000 WHEN 'conv_2' THEN 60000
                                        WHEN 'conv_3' THEN 1 WHEN 'conv_4' THEN 2000000 ELSE 1 END
        WHERE tenant = '%s'"""
            .formatted(tenant.name()));
    ConversationFilter labelled = new ConversationFilter(labels("a", "1"), TimeRange.ALWAYS);

    List<Removed> calls = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      calls.add(storage.conversations().delete(tenant.scope(), labelled, 100));
    }

    assertThat(calls)
        .containsExactly(
            new Removed(2, true),
            new Removed(1, true),
            new Removed(1, true),
            new Removed(1, false),
            Removed.NOTHING);
  }

  @Test
  void aDeleteThatFailsHalfwayDeletesNothing() throws Exception {
    beginLeftBehind();
    PostgresServer.run(
        database,
        """
        CREATE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'refused';
        END $$;
        CREATE TRIGGER refused BEFORE DELETE ON conversation_labels FOR EACH ROW
        EXECUTE FUNCTION refused();
        """);
    try {
      assertThatThrownBy(() -> deleteEverything(storage)).hasStackTraceContaining("refused");
    } finally {
      PostgresServer.run(database, "DROP TRIGGER refused ON conversation_labels");
    }

    assertThat(tenant(storage).itemIds(tenant(storage).key("conv"))).containsExactly("in", "out");
    deleteEverything(storage);
    assertNothingIsLeft();
  }

  private void beginLeftBehind() {
    SampleTenant tenant = tenant(storage);
    Key key = tenant.key("conv");
    storage
        .conversations()
        .create(tenant.scope(), Samples.conversation(key, 0, labels("a", "1")), List.of());
    tenant.record(
        tenant
            .turn("resp")
            .in(key)
            .metadata(labels("a", "1"))
            .input(message("in"))
            .output(message("out")));
  }

  private static void deleteEverything(JpaStorage storage) {
    SampleTenant tenant = tenant(storage);
    storage.conversations().delete(tenant.scope(), "conv");
    storage.responses().delete(tenant.scope(), "resp");
    storage.responses().delete(tenant.scope(), "late");
  }

  private void assertNothingIsLeft() throws SQLException {
    for (String table :
        List.of(
            "conversations",
            "conversation_labels",
            "items",
            "responses",
            "response_labels",
            "response_item_ids",
            "feedback")) {
      assertThat(number("SELECT count(*) FROM %s WHERE tenant = 'left-behind'".formatted(table)))
          .as(table)
          .isZero();
    }
  }

  private long number(String query) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
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
}
