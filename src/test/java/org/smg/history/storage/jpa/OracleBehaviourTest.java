package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.scopeOf;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TimeZone;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.Removed;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.jpa.dialect.OracleDialect;

/** Cases in which Oracle behaves differently from PostgreSQL, beyond the contract. */
@TestInstance(Lifecycle.PER_CLASS)
class OracleBehaviourTest {

  private final StatementLog statements = new StatementLog();
  private OracleDatabase database;
  private JpaStorage storage;

  @BeforeAll
  void start() throws SQLException {
    database = OracleDatabase.open();
    storage = storage(statements.observe(database.pool()));
    database.begin(storage);
  }

  @BeforeEach
  void begin() {
    statements.clear();
  }

  @AfterAll
  void stop() {
    storage.close();
    database.close();
  }

  /** An IN list has at most 1,000 entries. */
  @ParameterizedTest
  @ValueSource(ints = {499, 500, 501, 1_000, 1_001, 2_500})
  void aBatchMayHaveMoreIdsThanAListHasEntries(int count) {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key first = tenant.conversation("conv_a");
    Item[] items = messages("msg_", count);
    tenant.append(first, items);
    Key second = tenant.conversation("conv_b");

    List<ItemInput> references = new ArrayList<>();
    Arrays.stream(items).forEach(item -> references.add(Samples.reference(item.id())));
    tenant.append(second, references.toArray(ItemInput[]::new));

    assertThat(tenant.items(second)).containsExactly(items);
  }

  /** Both times are 02:30 in Berlin, at the end of daylight saving time. */
  @Test
  void timesInTheRepeatedHourOfDaylightSavingStayApart() {
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    try {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Conversation summer = conversation(tenant, "conv_a", "2026-10-25T00:30:00.000001Z");
      Conversation winter = conversation(tenant, "conv_b", "2026-10-25T01:30:00Z");

      assertThat(storage.conversations().find(scopeOf(summer.key()), summer.key().id()))
          .contains(summer);
      assertThat(
              storage
                  .conversations()
                  .list(
                      tenant.scope(),
                      new ConversationFilter(
                          Metadata.NONE, new TimeRange(summer.createdAt(), winter.createdAt())),
                      new PageRequest(10, Order.ASC, null))
                  .data())
          .containsExactly(summer);
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 100})
  void anAppendIsOneTransactionOfFourRoundTrips(int items) {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key conversation = tenant.conversation("conv");
    statements.clear();

    tenant.append(conversation, messages("msg_", items));

    assertThat(statements.roundTrips()).hasSize(4).endsWith("commit");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 100})
  void aTurnIsOneTransactionOfSixRoundTrips(int items) {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key conversation = tenant.conversation("conv");
    statements.clear();

    tenant.record(
        tenant
            .turn("resp")
            .in(conversation)
            .metadata(labels("a", "1", "b", "2"))
            .input(messages("in_", items))
            .output(messages("out_", items)));

    assertThat(statements.roundTrips()).hasSize(6).endsWith("commit");
  }

  @Test
  void aNewConversationIsOneTransactionOfThreeRoundTrips() {
    SampleTenant tenant = SampleTenant.fresh(storage);

    tenant.conversation("conv", messages("msg_", 20));

    assertThat(statements.roundTrips()).hasSize(3).endsWith("commit");
  }

  /** A query, and a transaction of a statement for each lock, for runs, and for each table. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void aDeletionByAFilterIsAQueryAndOneTransaction(int count) {
    SampleTenant tenant = SampleTenant.fresh(storage);
    for (int i = 0; i < count; i++) {
      Conversation conversation =
          Samples.conversation(tenant.key("conv_" + i), i, labels("a", "1"));
      storage.conversations().create(tenant.scope(), conversation, List.of(message("msg")));
      tenant.record(tenant.turn("resp_" + i).in(conversation.key()).user("ann"));
    }
    ResponseFilter ofAnn =
        new ResponseFilter(null, null, null, null, "ann", Metadata.NONE, TimeRange.ALWAYS);

    statements.clear();
    assertThat(
            storage
                .conversations()
                .delete(
                    tenant.scope(),
                    new ConversationFilter(labels("a", "1"), TimeRange.ALWAYS),
                    100))
        .isEqualTo(new Removed(count, false));
    assertThat(statements.roundTrips()).hasSize(7).endsWith("commit");
    statements.clear();
    assertThat(storage.responses().delete(tenant.scope(), ofAnn, 100))
        .isEqualTo(new Removed(count, false));
    assertThat(statements.roundTrips()).hasSize(8).endsWith("commit");
  }

  /** ORA-24816: a text of more than 4,000 bytes must not follow one that is sent as a CLOB. */
  @ParameterizedTest
  @ValueSource(ints = {10, 100_000})
  void theLongestTextOfARowIsBoundLast(int length) {
    SampleTenant tenant = SampleTenant.fresh(storage);
    tenant.record(
        tenant
            .turn("resp")
            .json(JsonText.of("{\"t\":\"%s\"}".formatted("x".repeat(1_000))))
            .input(message("in", "x".repeat(length))));
    tenant.conversation("conv", message("msg"));

    assertThat(statements.roundTrips())
        .filteredOn(sql -> sql.startsWith("INSERT INTO responses "))
        .singleElement()
        .asString()
        .containsPattern(
            length > 1_000
                ? "fingerprint, metadata, input_items, json, input\\)"
                : "fingerprint, metadata, input_items, input, json\\)");
    assertThat(statements.roundTrips())
        .filteredOn(sql -> sql.matches("(?s)INSERT INTO (items|conversations)\\b.*"))
        .hasSize(2)
        .allMatch(sql -> sql.matches("(?s).*(json|metadata)\\)\\s*VALUES.*"));
  }

  @Test
  void aTurnWithoutItemsIsRecordedInItsConversation() {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key conversation = tenant.conversation("conv");

    tenant.record(tenant.turn("resp").in(conversation));
    tenant.append(conversation, message("msg"));

    assertThat(tenant.itemIds(conversation)).containsExactly("msg");
  }

  private static JpaStorage storage(DataSource source) {
    return new JpaStorage(() -> source, false, new OracleDialect());
  }

  private Conversation conversation(SampleTenant tenant, String id, String createdAt) {
    Instant at = Instant.parse(createdAt);
    Conversation conversation = new Conversation(tenant.key(id), "owner", at, at, Metadata.NONE);
    storage.conversations().create(scopeOf(conversation.key()), conversation, List.of());
    return conversation;
  }
}
