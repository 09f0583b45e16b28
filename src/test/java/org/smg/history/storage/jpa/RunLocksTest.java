package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.message;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.ResponseStatus;
import org.smg.history.storage.Removed;
import org.smg.history.storage.ResponseListContract;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.TurnBuilder;
import org.smg.history.storage.jpa.TwoTransactions.Step;
import org.smg.history.storage.jpa.dialect.PostgresDialect;

/** What a run and another transaction make of the same rows. */
@ExtendWith(PostgresServer.Shared.class)
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
class RunLocksTest {

  private static final String DEADLOCK = "40P01";

  private DataSource database;
  private TwoTransactions transactions;
  private JpaStorage storage;
  private SampleTenant tenant;
  private Key conversation;

  @BeforeAll
  void start(PostgresServer server) throws SQLException {
    server.newDatabase("run_locks");
    database = server.pool("run_locks", 64);
    transactions = new TwoTransactions(database);
    storage = transactions.storage();
    storage.verify();
  }

  @AfterAll
  void stop() {
    transactions.close();
  }

  @BeforeEach
  void makeConversation() {
    tenant = SampleTenant.fresh(storage);
    conversation = tenant.conversation("conv", message("before"));
  }

  private TurnBuilder prompt(String id) {
    return tenant.turn(id).status(ResponseStatus.IN_PROGRESS).fingerprint("begun");
  }

  private TurnBuilder run() {
    return prompt("resp").in(conversation).user("user").input(message("in"));
  }

  private static TurnBuilder end(TurnBuilder run, ResponseStatus status, Item output) {
    return run.status(status).fingerprint(status.name()).output(output);
  }

  private RunStore.Prompt begin(JpaStorage on, TurnBuilder run) {
    return on.runs()
        .begin(
            tenant.scope(),
            new RunStore.Run(run.response(), run.build().input(), "server", token(run)),
            1 << 20,
            Optional.empty());
  }

  private void finish(JpaStorage on, TurnBuilder turn) {
    on.runs().finish(tenant.scope(), token(turn), turn.build(), at(2));
  }

  private static String token(TurnBuilder turn) {
    return "token of " + turn.response().key();
  }

  private Removed deleteOfUser(JpaStorage on) {
    ResponseFilter ofUser = ResponseListContract.FilterBuilder.of(tenant).user("user").build();
    return on.responses().delete(tenant.scope(), ofUser, 100);
  }

  private void append(JpaStorage on, Item item) {
    on.conversations().append(tenant.scope(), conversation.id(), List.of(item), at(1));
  }

  private static Step refused(Class<? extends HistoryFailure> failure, Step step) {
    return on -> assertThatThrownBy(() -> step.run(on)).isInstanceOf(failure);
  }

  private void assertFree() {
    TurnBuilder next = prompt("resp_next").in(conversation).input(message("next"));
    begin(storage, next);
    finish(storage, end(next, ResponseStatus.FAILED, message("no")));
  }

  @Test
  void anIdThatARunIsAboutToTakeIsTaken() throws Exception {
    transactions.oneUponTheOther(
        first -> begin(first, run()),
        refused(
            HistoryFailure.ItemAlreadyInConversation.class,
            second -> append(second, message("in"))));

    assertThat(tenant.itemIds(conversation)).containsExactly("before");
  }

  @Test
  void whatIsAboutToBeAppendedIsPartOfTheContext() throws Exception {
    List<RunStore.Prompt> prompts = new ArrayList<>();

    transactions.oneUponTheOther(
        first -> append(first, message("posted")), second -> prompts.add(begin(second, run())));

    assertThat(prompts.get(0).context()).containsExactly(message("before"), message("posted"));
  }

  @Test
  void anIdThatIsAboutToBeAppendedIsRefusedAsInput() throws Exception {
    transactions.oneUponTheOther(
        first -> append(first, message("in")),
        refused(HistoryFailure.ItemAlreadyInConversation.class, second -> begin(second, run())));

    assertThat(storage.responses().find(tenant.scope(), "resp")).isEmpty();
    assertFree();
  }

  @Test
  void ofTwoRunsTheFirstGetsTheConversation() throws Exception {
    transactions.oneUponTheOther(
        first -> begin(first, run()),
        refused(
            HistoryFailure.ConversationLocked.class,
            second -> begin(second, prompt("resp_2").in(conversation).input(message("in_2")))));

    assertThat(storage.responses().find(tenant.scope(), "resp_2")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofTwoEndsTheFirstCounts(boolean inConversation) throws Exception {
    TurnBuilder run = prompt("resp").input(message("in"));
    begin(storage, inConversation ? run.in(conversation) : run);

    transactions.oneUponTheOther(
        first -> finish(first, end(run, ResponseStatus.COMPLETED, message("out"))),
        refused(
            HistoryFailure.RunEnded.class,
            second -> finish(second, end(run, ResponseStatus.FAILED, message("late")))));

    assertThat(storage.responses().find(tenant.scope(), "resp").orElseThrow().status())
        .isEqualTo(ResponseStatus.COMPLETED);
    assertThat(tenant.canLink("late")).isFalse();
    assertThat(tenant.canLink("out")).isTrue();
    if (inConversation) {
      assertThat(tenant.itemIds(conversation)).containsExactly("before", "in", "out");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"end, deletion", "deletion, end"})
  void aRunThatIsDeletedByAFilterLeavesItsConversationFree(String order) throws Exception {
    TurnBuilder run = run();
    begin(storage, run);
    Step end = on -> finish(on, end(run, ResponseStatus.COMPLETED, message("out")));
    Step deletion = on -> assertThat(deleteOfUser(on)).isEqualTo(new Removed(1, false));

    if (order.startsWith("end")) {
      transactions.oneUponTheOther(end, deletion);
      assertThat(tenant.itemIds(conversation)).containsExactly("before", "in", "out");
    } else {
      transactions.oneUponTheOther(deletion, refused(HistoryFailure.RunEnded.class, end));
      assertThat(tenant.itemIds(conversation)).containsExactly("before");
    }

    assertThat(storage.responses().find(tenant.scope(), "resp")).isEmpty();
    assertFree();
  }

  @ParameterizedTest
  @ValueSource(strings = {"end, deletion", "deletion, end"})
  void aRunEndsWhetherItsConversationIsThereOrNot(String order) throws Exception {
    TurnBuilder run = run();
    begin(storage, run);
    Step end = on -> finish(on, end(run, ResponseStatus.COMPLETED, message("out")));
    Step deletion = on -> on.conversations().delete(tenant.scope(), conversation.id());

    if (order.startsWith("end")) {
      transactions.oneUponTheOther(end, deletion);
    } else {
      transactions.oneUponTheOther(deletion, end);
    }

    assertThat(storage.responses().find(tenant.scope(), "resp").orElseThrow().status())
        .isEqualTo(ResponseStatus.COMPLETED);
    assertThat(List.of("in", "out")).allMatch(tenant::canLink);
    assertThat(storage.conversations().find(tenant.scope(), "conv")).isEmpty();
  }

  @Test
  void aResponseThatIsAboutToBeFinishedCanBeDeletedThen() throws Exception {
    TurnBuilder run = run();
    begin(storage, run);
    List<Boolean> deleted = new ArrayList<>();

    transactions.oneUponTheOther(
        first -> finish(first, end(run, ResponseStatus.COMPLETED, message("out"))),
        second -> deleted.add(second.responses().delete(tenant.scope(), "resp")));

    assertThat(deleted).containsExactly(true);
    assertThat(tenant.itemIds(conversation)).containsExactly("before", "in", "out");
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "FAILED"})
  void anEndLocksItsConversationBeforeItsResponse(ResponseStatus status) throws Exception {
    TurnBuilder run = run();
    begin(storage, run);

    assertFirst(on -> finish(on, end(run, status, message("out"))));
  }

  @Test
  void aDeletionByAFilterLocksTheConversationsOfRunsFirst() throws Exception {
    begin(storage, run());

    assertFirst(this::deleteOfUser);
  }

  private void assertFirst(Step step) throws Exception {
    transactions.whileLocked(
        tenant,
        "conversations",
        conversation.id(),
        step,
        () -> assertThat(transactions.isLocked(tenant, "responses", "resp")).isFalse());
  }

  /** Whoever locks conversations and responses locks the conversations first. */
  @Test
  void nobodyWaitsForSomebodyWhoWaitsForHim() throws Exception {
    List<String> states = Collections.synchronizedList(new ArrayList<>());
    DataSource observed =
        InterceptedDataSource.dataSource(
            database,
            sql -> sql,
            error -> {
              states.add(error.getSQLState());
              return error;
            });
    List<Key> conversations = List.of(tenant.conversation("conv_1"), tenant.conversation("conv_2"));
    ExecutorService threads = Executors.newCachedThreadPool();
    try (JpaStorage all = new JpaStorage(() -> observed, false, new PostgresDialect())) {
      List<Callable<Integer>> steps = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        String name = "_" + thread;
        steps.add(() -> runsIn(all, conversations, name));
        steps.add(
            () -> {
              for (int i = 0; i < 40; i++) {
                String id = "msg" + name + "_" + i;
                Key key = conversations.get(i % 2);
                all.conversations().append(tenant.scope(), key.id(), List.of(message(id)), at(1));
                TurnBuilder turn = tenant.turn("put" + name + "_" + i).in(key).user("user");
                all.responses().record(tenant.scope(), turn.input(message("in_" + id)).build());
              }
              return 0;
            });
        steps.add(
            () -> {
              for (int i = 0; i < 40; i++) {
                deleteOfUser(all);
              }
              return 0;
            });
      }
      int begun = 0;
      for (Future<Integer> step : threads.invokeAll(steps, 100, TimeUnit.SECONDS)) {
        begun += step.get();
      }
      assertThat(begun).isPositive();
    } finally {
      threads.shutdownNow();
    }

    assertThat(states).doesNotContain(DEADLOCK);
    for (Key key : conversations) {
      begin(storage, prompt("last in " + key.id()).in(key).input(message("last")));
    }
  }

  /** Begins and ends runs, those that nobody else has ended. */
  private int runsIn(JpaStorage on, List<Key> conversations, String name) {
    int begun = 0;
    for (int i = 0; i < 40; i++) {
      String id = name + "_" + i;
      TurnBuilder run =
          prompt("resp" + id).in(conversations.get(i % 2)).user("user").input(message("in" + id));
      try {
        begin(on, run);
        begun++;
        finish(on, end(run, ResponseStatus.COMPLETED, message("out" + id)));
      } catch (HistoryFailure.ConversationLocked | HistoryFailure.RunEnded ended) {
        // By another thread.
      }
    }
    return begun;
  }
}
