package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.config.InvalidOptions;
import org.smg.history.config.Options;

class PostgresOptionsTest {

  @Test
  void aUrlIsEnough() {
    assertThatCode(() -> check(Map.of("postgres-db-url", "postgres://db/x")))
        .doesNotThrowAnyException();
  }

  @Test
  void aUrlIsNeeded() {
    assertThatThrownBy(() -> check(Map.of()))
        .isInstanceOf(InvalidOptions.class)
        .hasMessage("postgres-db-url: missing; set postgres://user:password@host:port/database");
  }

  @Test
  void allFaultsAreToldAtOnceWithoutThePassword() {
    assertThatThrownBy(
            () ->
                check(
                    Map.of(
                        "postgres-db-url", "postgres://u:secret@db/x?sslmode=yes",
                        "postgres-pool-max-size", "0")))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageStartingWith("postgres-db-url: parameter 1 'sslmode'")
        .hasMessageEndingWith("\npostgres-pool-max-size: '0' is not a whole number from 2 to 10000")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "-1", "many", "10001"})
  void aPoolThatIsTooSmallOrNoNumberIsRefused(String value) {
    assertThatThrownBy(
            () ->
                check(
                    Map.of("postgres-db-url", "postgres://db/x", "postgres-pool-max-size", value)))
        .isInstanceOf(InvalidOptions.class)
        .hasMessage("postgres-pool-max-size: '%s' is not a whole number from 2 to 10000", value);
  }

  private static void check(Map<String, String> values) {
    Options options = new Options(name -> Optional.ofNullable(values.get(name)));
    PostgresOptions.check(options);
    options.check();
  }
}
