package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.scopeOf;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.CountDownLatch;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.config.Settings;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;

/** What Oracle does otherwise than others, beyond the contract. */
@TestInstance(Lifecycle.PER_CLASS)
class OracleTrapsTest {

  private final Traced traced = new Traced();
  private OracleDatabase database;
  private JpaStorage storage;

  @BeforeAll
  void start() throws SQLException {
    database = OracleDatabase.open();
    storage = storage(traced.observe(database.pool()));
    database.begin(storage);
  }

  @AfterAll
  void stop() {
    storage.close();
    database.close();
  }

  /** A list has 1,000 entries at most. */
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

  /** Both are half past two in the morning in Berlin. */
  @Test
  void instantsOfTheHourThatComesTwiceStayApart() {
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
  void anAppendIsOneTransactionOfFiveRoundTrips(int items) {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key conversation = tenant.conversation("conv");
    traced.clear();

    tenant.append(conversation, messages("msg_", items));

    assertThat(traced.roundTrips()).hasSize(5).endsWith("commit");
  }

  @Test
  void aNewIdStandsForTheContentThatWasStoredWhileItsLockWasHeld() throws Exception {
    CountDownLatch locking = new CountDownLatch(1);
    DataSource watched =
        Watched.dataSource(
            database.pool(),
            sql -> {
              if (sql.contains("FROM item_locks")) {
                locking.countDown();
              }
              return sql;
            },
            error -> error);
    SampleTenant tenant = SampleTenant.fresh(storage);
    tenant.conversation("conv_here");
    Key there = tenant.conversation("conv_there");
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Connection other = database.pool().getConnection();
        Statement statement = other.createStatement();
        JpaStorage second = storage(watched)) {
      other.setAutoCommit(false);
      statement.executeQuery("SELECT stripe FROM item_locks ORDER BY stripe FOR UPDATE").close();
      Future<?> append =
          thread.submit(
              () ->
                  second
                      .conversations()
                      .append(
                          scopeOf(there),
                          there.id(),
                          List.of(message("msg", "second")),
                          Samples.at(1)));
      assertThat(locking.await(60, TimeUnit.SECONDS)).isTrue();
      statement.execute(
          "INSERT INTO items VALUES ('%s', 'conv_here', 1, 'msg', 'message', 1, '%s')"
              .formatted(tenant.name(), message("msg", "first").json()));
      assertThat(append.isDone()).isFalse();
      other.commit();
      append.get(60, TimeUnit.SECONDS);
    } finally {
      thread.shutdownNow();
    }

    assertThat(tenant.items(there)).containsExactly(message("msg", "first"));
  }

  /** ORA-24816: what may have more than 4,000 bytes must not follow what is bound as a CLOB. */
  @Test
  void theLongestTextOfARowIsBoundLast() {
    SampleTenant tenant = SampleTenant.fresh(storage);
    tenant.record(tenant.turn("resp").input(message("in")));
    tenant.conversation("conv", message("msg"));

    assertThat(database.statements())
        .filteredOn(sql -> sql.matches("INSERT INTO (responses|items|response_items) [(].*"))
        .hasSize(3)
        .allMatch(sql -> !sql.matches("(?i).*\\bjson, .*\\b(metadata|comment_text)\\b.*"), "CLOBs");
  }

  @Test
  void aTurnWithoutItemsIsRecordedInItsConversation() {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key conversation = tenant.conversation("conv");

    tenant.record(tenant.turn("resp").in(conversation));
    tenant.append(conversation, message("msg"));

    assertThat(tenant.itemIds(conversation)).containsExactly("msg");
  }

  @ParameterizedTest
  @CsvSource({
    "1, LOOK_AGAIN",
    "2291, LOOK_AGAIN",
    "60, RETRY",
    "8177, RETRY",
    "1031, GRANT",
    "1950, GRANT",
    "904, NONE",
    "942, NONE",
    "1400, NONE",
    "12899, NONE",
    "2290, NONE",
    "54, WAIT",
    "30006, WAIT",
    "1017, WAIT",
    "1033, WAIT",
    "1089, WAIT",
    "3113, WAIT",
    "3114, WAIT",
    "12514, WAIT",
    "12541, WAIT",
    "17002, WAIT",
    "17410, WAIT",
    "18714, WAIT",
    "28000, WAIT",
    "28759, WAIT",
    "1536, WAIT",
    "1653, WAIT",
    "4031, WAIT",
    "0, WAIT"
  })
  void anErrorCallsForWhatHelps(int number, Faults.Cure cure) {
    assertThat(new OracleDialect().cure(new SQLException("", "72000", number))).isEqualTo(cure);
  }

  private static JpaStorage storage(DataSource source) {
    return new JpaStorage(
        () -> source, new Settings(option -> Optional.empty()), new OracleDialect());
  }

  private Conversation conversation(SampleTenant tenant, String id, String createdAt) {
    Instant at = Instant.parse(createdAt);
    Conversation conversation = new Conversation(tenant.key(id), "owner", at, at, Metadata.NONE);
    storage.conversations().create(scopeOf(conversation.key()), conversation, List.of());
    return conversation;
  }
}
