package org.smg.history.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.config.InvalidOptions;
import org.smg.history.config.Options;
import org.smg.history.model.Scope;
import org.smg.history.storage.StorageObserver.Result;
import org.smg.history.storage.StoreOperation;

class SlowOperationsTest {

  private static final CurrentRequest REQUEST = event -> event.with("request_id", "req_1");

  private Records records;

  @BeforeEach
  void listen() {
    records = Records.of(Logger.getLogger(SlowOperations.class.getName()));
  }

  @AfterEach
  void close() {
    records.close();
  }

  @Test
  void whatTakesASecondIsTold() {
    SlowOperations operations = operations(Map.of());

    ended(operations, 999);
    assertThat(records.all()).isEmpty();
    ended(operations, 1000);

    assertThat(records.messages())
        .containsExactly(
            "An operation of the backend took long (duration_ms=1000 storage_type=conversation_item"
                + " operation=put result=timeout tenant=acme id=conv_1 request_id=req_1)");
    assertThat(records.all().get(0).getLevel()).isEqualTo(Level.WARNING);
  }

  @Test
  void anAdministratorSaysWhatIsLong() {
    SlowOperations operations = operations(Map.of("history-slow-operation-ms", "50"));

    ended(operations, 49);
    ended(operations, 51);

    assertThat(records.messages()).singleElement().asString().contains("duration_ms=51 ");
  }

  @Test
  void zeroTellsOfAllAndMinusOneOfNone() {
    ended(operations(Map.of("history-slow-operation-ms", "-1")), Integer.MAX_VALUE);
    assertThat(records.all()).isEmpty();

    ended(operations(Map.of("history-slow-operation-ms", "0")), 0);
    assertThat(records.all()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-2", "3600001", "1s"})
  void otherValuesAreFaultsOfTheStart(String value) {
    Options options = options(Map.of("history-slow-operation-ms", value));
    new SlowOperations(options, new EventLog(LogFormat.TEXT), REQUEST);

    assertThatThrownBy(options::check)
        .isInstanceOf(InvalidOptions.class)
        .hasMessage(
            "history-slow-operation-ms: '%s' is not a whole number from -1 to 3600000"
                .formatted(value));
  }

  @Test
  void anOperationThatNamesNothingHasNoId() {
    operations(Map.of())
        .ended(
            StoreOperation.RESPONSE_LIST,
            Result.SUCCESS,
            Scope.ofTenant("acme"),
            null,
            TimeUnit.SECONDS.toNanos(2));

    assertThat(records.messages()).singleElement().asString().doesNotContain(" id=", "null");
  }

  private static void ended(SlowOperations operations, long millis) {
    operations.ended(
        StoreOperation.ITEM_PUT,
        Result.TIMEOUT,
        Scope.ofTenant("acme"),
        "conv_1",
        TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private static SlowOperations operations(Map<String, String> values) {
    return new SlowOperations(options(values), new EventLog(LogFormat.TEXT), REQUEST);
  }

  private static Options options(Map<String, String> values) {
    return new Options(name -> Optional.ofNullable(values.get(name)));
  }
}
