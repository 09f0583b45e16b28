package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.feedback;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.scopeOf;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Rating;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.CountedBytes;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.TurnBuilder;
import org.smg.history.storage.jpa.dialect.PostgresDialect;

/** What operations cost in round trips, and by which plans PostgreSQL executes them. */
@ParameterizedClass(name = "with row security: {0}")
@ValueSource(booleans = {false, true})
@ExtendWith(PostgresServer.Shared.class)
@TestInstance(Lifecycle.PER_CLASS)
class CostTest {

  private static final int FILL = 20_000;
  private static final int IN_ONE_CONVERSATION = 5_000;

  @Parameter boolean rowSecurity;

  private final StatementLog statements = new StatementLog();
  private JpaStorage storage;
  private SampleTenant filled;

  @BeforeParameterizedClassInvocation(injectArguments = false)
  void fill(PostgresServer server) throws SQLException, IOException {
    statements.explain(false);
    String name = rowSecurity ? "secured_cost" : "cost";
    DataSource administrator =
        rowSecurity ? server.newSecuredDatabase(name) : server.newDatabase(name);
    DataSource database = server.pool(name, 32, rowSecurity ? "history_app" : "postgres");
    storage =
        new JpaStorage(
            () -> statements.observe(database),
            false,
            rowSecurity,
            new PostgresDialect(),
            new CountedBytes());
    filled = SampleTenant.fresh(storage);
    // The plans that are asked for are made outside of the transaction that names the tenant.
    PostgresServer.run(
        administrator,
        "ALTER DATABASE %s SET history.tenant = '%s'".formatted(name, filled.name()));
    storage.verify();
    for (String sql : fill(filled.name())) {
      PostgresServer.run(administrator, sql);
    }
    noteInTableOfTenants(filled);
  }

  /** With row security, the first write of a tenant on a server has one round trip more. */
  private void noteInTableOfTenants(SampleTenant tenant) {
    storage.feedback().delete(tenant.scope(), "none");
  }

  @AfterParameterizedClassInvocation(injectArguments = false)
  void stop() {
    storage.close();
  }

  @BeforeEach
  void begin() {
    statements.explain(false);
    statements.clear();
  }

  private static List<String> fill(String tenant) {
    return Stream.of(
            """
            INSERT INTO conversations
            SELECT '%1$s', 'conv_' || n, 'user_' || n %% 50, n, n, 10000, '{}' FROM generate_series(1, %2$d) n
            """,
            """
            INSERT INTO conversation_labels
            SELECT '%1$s', 'label_' || n %% 500, n, 'conv_' || n FROM generate_series(1, %2$d) n
            """,
            """
            INSERT INTO items
            SELECT '%1$s', 'conv_' || CASE WHEN n <= %3$d THEN 1 ELSE n %% 500 + 2 END, n,
                   'msg_' || n, 'message', NULL, NULL, n, '{}'
            FROM generate_series(1, %2$d) n
            """,
            """
            INSERT INTO responses
            SELECT '%1$s', 'resp_' || n, 'user_' || n %% 50, n, n, n, 'completed', 'model_' || n %% 50,
                   'conv_' || n %% 500, 'resp_' || n - 1, 'safety_' || n %% 500,
                   'user_' || n %% 500, 1, 1, 1, 1, 1, NULL, NULL, '{}', 'print',
                   (SELECT string_agg(concat_ws(E'\\t', 2 * i - 1, 1, 'in_' || i, 'message', ''), E'\\n')
                    FROM generate_series(1, 40) i), rpad('[1', 80, ',1') || ']', '{}'
            FROM generate_series(1, %2$d) n
            """,
            """
            INSERT INTO response_labels
            SELECT '%1$s', 'label_' || n %% 500, n, n, 'resp_' || n
            FROM generate_series(1, %2$d) n
            """,
            """
            INSERT INTO response_item_ids
            SELECT '%1$s', 'in_' || n, 'resp_' || n %% 500 + 1, n FROM generate_series(1, %2$d) n
            """,
            """
            INSERT INTO feedback
            SELECT '%1$s', 'fb_' || n, 'user_' || n %% 50, 'resp_' || n %% 500 + 1, 'conv_' || n %% 500,
                   'model_' || n %% 50, CASE WHEN n %% 2 = 0 THEN 'positive' ELSE 'negative' END,
                   NULL, 'author_' || n %% 500, '{}', n
            FROM generate_series(1, %2$d) n
            """,
            "ANALYZE")
        .map(sql -> sql.formatted(tenant, FILL, IN_ONE_CONVERSATION))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 500})
  void everyWriteIsOneRoundTripWhateverTheNumberOfItems(int items) {
    SampleTenant tenant = SampleTenant.fresh(storage);
    noteInTableOfTenants(tenant);
    Key conversation = tenant.key("conv");
    List<ItemInput> first = List.of(messages("first_", items));
    TurnBuilder turn =
        tenant
            .turn("resp")
            .in(conversation)
            .metadata(labels("a", "1", "b", "2"))
            .input(messages("in_", items))
            .output(messages("out_", items));
    Scope scope = tenant.scope();

    assertOneRoundTrip(
        () ->
            storage
                .conversations()
                .create(scope, Samples.conversation(conversation, 0, labels("a", "1")), first));
    assertOneRoundTrip(() -> tenant.append(conversation, messages("msg_", items)));
    assertOneRoundTrip(() -> tenant.record(turn));
    assertOneRoundTrip(() -> tenant.record(tenant.turn("alone").input(messages("in_", items))));
    TurnBuilder run =
        tenant
            .turn("run")
            .in(conversation)
            .metadata(labels("a", "1"))
            .status(ResponseStatus.IN_PROGRESS)
            .input(messages("run_in_", items));
    assertOneRoundTrip(() -> begin(tenant, run));
    assertOneRoundTrip(
        () ->
            finish(
                tenant, run.status(ResponseStatus.COMPLETED).output(messages("run_out_", items))));
    TurnBuilder outside = tenant.turn("outside").status(ResponseStatus.IN_PROGRESS);
    assertOneRoundTrip(() -> begin(tenant, outside.input(messages("in_", items))));
    assertOneRoundTrip(
        () ->
            finish(tenant, outside.status(ResponseStatus.FAILED).output(messages("out_", items))));
    assertOneRoundTrip(() -> storage.responses().delete(scope, "resp"));
    assertOneRoundTrip(() -> storage.conversations().delete(scope, "conv"));
    assertOneRoundTrip(() -> storage.feedback().delete(scope, "fb"));
  }

  private RunStore.Prompt begin(SampleTenant tenant, TurnBuilder run) {
    return storage
        .runs()
        .begin(
            tenant.scope(),
            new RunStore.Run(run.response(), run.build().input(), "server", "token"),
            1 << 20,
            Optional.empty());
  }

  private StoredResponse finish(SampleTenant tenant, TurnBuilder run) {
    return storage.runs().finish(tenant.scope(), "token", run.build(), Samples.at(1));
  }

  @Test
  void whatAModelIsToBeAskedIsOneQueryAndAChainWithItsInputsAreTwo() {
    assertThat(
            storage
                .runs()
                .read(filled.scope(), "conv_1", List.of(message("in")), 1 << 20)
                .context())
        .hasSizeGreaterThanOrEqualTo(IN_ONE_CONVERSATION);
    assertThat(statements.roundTrips()).hasSize(1);

    statements.clear();
    RunStore runs = storage.runs();
    assertThat(runs.chain(filled.scope(), "resp_9000", 20).data()).hasSize(20);
    assertThat(statements.roundTrips()).hasSize(2);
  }

  @Test
  void aLeaseIsRenewedInOneRoundTrip() {
    RunStore runs = storage.runs();
    runs.lease("renewing", Duration.ofMinutes(1));

    assertOneRoundTrip(() -> runs.lease("renewing", Duration.ofMinutes(1)));
  }

  /** Whatever is stored, it looks at the runs alone. */
  @Test
  void abandonedRunsAreFoundByTheIndexOfRuns() {
    statements.explain(true);

    storage.runs().abandoned(10);

    assertThat(statements.plans())
        .filteredOn(plan -> plan.contains("server_leases"))
        .isNotEmpty()
        .allMatch(plan -> plan.contains("responses_server"));
  }

  /** What is to go is looked up in one, and all of it goes in the other. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void aDeletionByAFilterIsTwoRoundTrips(int count) {
    SampleTenant tenant = SampleTenant.fresh(storage);
    noteInTableOfTenants(tenant);
    for (int i = 0; i < count; i++) {
      Key conversation = tenant.key("conv_" + i);
      storage
          .conversations()
          .create(
              tenant.scope(),
              Samples.conversation(conversation, i, labels("case", "7")),
              List.of(messages("msg_", 3)));
      tenant.record(
          tenant.turn("resp_" + i).in(conversation).user("ann").input(messages("in_", 3)));
      tenant.feedback("fb_" + i, "resp_" + i);
    }
    ConversationFilter labelled = new ConversationFilter(labels("case", "7"), TimeRange.ALWAYS);
    ResponseFilter ofAnn =
        new ResponseFilter(null, null, null, null, "ann", Metadata.NONE, TimeRange.ALWAYS);

    statements.clear();
    assertThat(storage.conversations().delete(tenant.scope(), labelled, 100).count())
        .isEqualTo(count);
    assertThat(statements.roundTrips()).hasSize(2).doesNotContain("commit");
    statements.clear();
    assertThat(storage.responses().delete(tenant.scope(), ofAnn, 100).count()).isEqualTo(count);
    assertThat(statements.roundTrips()).hasSize(2).doesNotContain("commit");

    statements.clear();
    assertThat(storage.responses().delete(tenant.scope(), ofAnn, 100).count()).isZero();
    assertThat(statements.roundTrips()).hasSize(1);
  }

  /** The pooled connection commits each statement by itself, so there is no commit to send. */
  private void assertOneRoundTrip(Runnable write) {
    statements.clear();
    write.run();
    assertThat(statements.roundTrips()).hasSize(1).doesNotContain("commit");
  }

  /** What references stand for is looked up before the write, in conversations and in responses. */
  @Test
  void referencesCostTwoFurtherRoundTrips() {
    SampleTenant tenant = SampleTenant.fresh(storage);
    tenant.conversation("conv_a", message("msg"));
    Key conversation = tenant.conversation("conv");
    statements.clear();

    tenant.append(conversation, Samples.reference("msg"), message("own"));

    assertThat(statements.roundTrips()).hasSize(3);
  }

  @Test
  void aTurnThatSendsItsConversationAgainIsWrittenAtTheSecondAttempt() {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key conversation = tenant.conversation("conv", messages("msg_", 50));
    statements.clear();

    tenant.record(tenant.turn("resp").in(conversation).input(messages("msg_", 51)));

    assertThat(statements.roundTrips()).hasSize(4);
    assertThat(tenant.itemIds(conversation)).hasSize(51);
  }

  @ParameterizedTest
  @EnumSource
  void aPageOfItemsIsOneQuery(Order order) {
    Key conversation = filled.key("conv_1");

    storage
        .conversations()
        .items(scopeOf(conversation), conversation.id(), new PageRequest(100, order, null));
    assertThat(statements.roundTrips()).hasSize(1);

    statements.clear();
    storage
        .conversations()
        .items(scopeOf(conversation), conversation.id(), new PageRequest(100, order, "msg_4000"));
    assertThat(statements.roundTrips()).hasSize(1);
  }

  @Test
  void aChainIsOneQuery() {
    assertThat(storage.responses().chain(filled.scope(), "resp_9000", 100).data()).hasSize(100);

    assertThat(statements.roundTrips()).hasSize(1);
  }

  @Test
  void aPageOfAShortInputIsOneQueryAndOneBehindTheBeginningOfALongOneIsTwo() {
    SampleTenant tenant = SampleTenant.fresh(storage);
    String kilobyte = "漢".repeat(341);
    Item[] items =
        IntStream.range(0, 200).mapToObj(i -> message("in_" + i, kilobyte)).toArray(Item[]::new);
    tenant.record(tenant.turn("resp").input(items));
    statements.clear();

    PageRequest first = new PageRequest(20, Order.ASC, null);
    assertThat(storage.responses().inputItems(tenant.scope(), "resp", first).data())
        .containsExactly(Arrays.copyOfRange(items, 0, 20));
    assertThat(statements.roundTrips()).hasSize(1);

    statements.clear();
    PageRequest deep = new PageRequest(20, Order.DESC, "in_150");
    assertThat(storage.responses().inputItems(tenant.scope(), "resp", deep).data().get(19))
        .isEqualTo(items[130]);
    assertThat(statements.roundTrips()).hasSize(2);
  }

  @Test
  void aRetrievalIsOneQuery() {
    assertThat(storage.responses().find(filled.scope(), "resp_9000")).isPresent();
    assertThat(storage.conversations().find(filled.scope(), "conv_1")).isPresent();
    assertThat(storage.conversations().item(filled.scope(), "conv_1", "msg_1")).isPresent();

    assertThat(statements.roundTrips()).hasSize(3);
  }

  @Test
  void aUsersScopeCostsNoFurtherRoundTrip() {
    Scope scope = new Scope(filled.name(), "user_2");
    PageRequest page = new PageRequest(100, Order.ASC, null);

    assertThat(storage.conversations().items(scope, "conv_52", page).data()).isNotEmpty();
    assertThat(storage.responses().inputItems(scope, "resp_2", page).data()).isNotEmpty();
    assertThat(storage.responses().chain(scope, "resp_2", 100).data()).hasSize(1);
    assertThat(storage.responses().list(scope, responseFilters().get(0), page).data()).hasSize(100);
    assertThat(statements.roundTrips()).hasSize(4);

    statements.clear();
    storage.conversations().append(scope, "conv_52", List.of(message("own")), Samples.at(0));
    assertThat(statements.roundTrips()).hasSize(1);
  }

  /** The whole tenant's scope, and that of a user with 400 conversations and responses. */
  static Stream<String> owners() {
    return Stream.of(null, "user_1");
  }

  @ParameterizedTest
  @MethodSource("owners")
  void noStatementReadsAWholeTable(String owner) {
    statements.explain(true);
    Scope scope = new Scope(filled.name(), owner);
    ConversationStore conversations = storage.conversations();
    ResponseStore responses = storage.responses();
    FeedbackStore feedback = storage.feedback();
    String suffix = owner == null ? "" : "_" + owner;
    for (Order order : Order.values()) {
      PageRequest first = new PageRequest(20, order, null);
      conversations.items(scope, "conv_1", first);
      conversations.items(scope, "conv_1", new PageRequest(20, order, "msg_4000"));
      responses.inputItems(scope, "resp_51", first);
      responses.inputItems(scope, "resp_51", new PageRequest(20, order, "in_20"));
      for (PageRequest page : List.of(first, new PageRequest(20, order, "conv_4001"))) {
        for (Metadata metadata :
            List.of(Metadata.NONE, labels("a", "b"), labels("a", "b", "c", "d"))) {
          for (TimeRange range : List.of(TimeRange.ALWAYS, Samples.between(0, 9))) {
            conversations.list(scope, new ConversationFilter(metadata, range), page);
          }
        }
      }
      for (PageRequest page : List.of(first, new PageRequest(20, order, "resp_4001"))) {
        for (ResponseFilter filter : responseFilters()) {
          responses.list(scope, filter, page);
        }
      }
      for (PageRequest page : List.of(first, new PageRequest(20, order, "fb_4001"))) {
        for (FeedbackFilter filter : feedbackFilters()) {
          feedback.list(scope, filter, page);
        }
      }
    }
    responses.chain(scope, "resp_9001", 100);
    responses.find(scope, "resp_9001");
    conversations.item(scope, "conv_1", "msg_1");
    conversations.append(
        scope,
        "conv_1",
        List.of(
            message("new" + suffix), Samples.reference(owner == null ? "msg_7000" : "msg_7049")),
        Samples.at(0));
    responses.record(
        scope,
        filled
            .turn("resp_new" + suffix)
            .in(filled.key("conv_1"))
            .input(message("new_in" + suffix))
            .build());
    TurnBuilder run =
        filled.turn("run" + suffix).in(filled.key("conv_51")).status(ResponseStatus.IN_PROGRESS);
    begin(owner == null ? filled : filled.as(owner), run.input(message("run_in" + suffix)));
    finish(filled, run.status(ResponseStatus.COMPLETED).output(message("run_out" + suffix)));
    conversations.replaceMetadata(scope, "conv_1", labels("a", "b"), Samples.at(0));
    conversations.removeItem(scope, "conv_1", "new" + suffix, Samples.at(0));
    feedback.add(scope, feedback(filled.key("fb_new" + suffix), "resp_1"));
    feedback.delete(scope, "fb_new" + suffix);
    responses.delete(scope, "resp_101");
    conversations.delete(scope, "conv_601");
    responses.delete(
        scope,
        new ResponseFilter(null, null, null, null, "user_301", Metadata.NONE, TimeRange.ALWAYS),
        100);
    responses.delete(
        scope,
        new ResponseFilter(null, null, null, "safety_351", null, Metadata.NONE, TimeRange.ALWAYS),
        100);
    conversations.create(
        scope,
        Samples.conversation(filled.key("conv_new" + suffix), 0, labels("new", "label")),
        List.of());
    conversations.delete(
        scope, new ConversationFilter(labels("new", "label"), TimeRange.ALWAYS), 100);

    assertThat(statements.plans()).hasSizeGreaterThan(100);
    assertThat(statements.plans()).noneMatch(plan -> plan.contains("Seq Scan"));
  }

  private static List<ResponseFilter> responseFilters() {
    Metadata none = Metadata.NONE;
    TimeRange always = TimeRange.ALWAYS;
    return List.of(
        new ResponseFilter(null, null, null, null, null, none, always),
        new ResponseFilter(null, null, null, null, null, none, Samples.between(0, 9)),
        new ResponseFilter("model_7", null, null, null, null, none, always),
        new ResponseFilter(null, ResponseStatus.FAILED, null, null, null, none, always),
        new ResponseFilter(null, null, "conv_7", null, null, none, always),
        new ResponseFilter(null, null, null, "safety_7", null, none, always),
        new ResponseFilter(null, null, null, null, "user_7", none, always),
        new ResponseFilter(null, null, null, null, null, labels("a", "b"), always),
        new ResponseFilter("model_7", null, null, null, "user_7", labels("a", "b"), always));
  }

  private static List<FeedbackFilter> feedbackFilters() {
    TimeRange always = TimeRange.ALWAYS;
    return List.of(
        new FeedbackFilter(null, null, null, null, null, always),
        new FeedbackFilter(null, null, null, null, null, Samples.between(0, 9)),
        new FeedbackFilter(Rating.NEGATIVE, null, null, null, null, always),
        new FeedbackFilter(null, "resp_7", null, null, null, always),
        new FeedbackFilter(null, null, "conv_7", null, null, always),
        new FeedbackFilter(null, null, null, "model_7", null, always),
        new FeedbackFilter(null, null, null, null, "author_7", always));
  }
}
