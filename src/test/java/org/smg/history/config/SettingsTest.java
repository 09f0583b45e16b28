package org.smg.history.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.storage.Backend;

class SettingsTest {

  @Test
  void everyOptionHasADefaultThatWorks() {
    Settings settings = settings(Map.of());

    assertThat(settings.backend(Backend.class)).isEqualTo(Backend.MEMORY);
    assertThat(settings.maxBodyBytes()).isEqualTo(32 << 20);
    assertThat(settings.memoryMaxConversations()).isZero();
  }

  @Test
  void valuesMayHaveSpaceAroundThem() {
    assertThat(settings(Map.of("history-backend", " none\n")).backend(Backend.class))
        .isEqualTo(Backend.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mongo", "MEMORY", "memory,redis", "-"})
  void anUnknownBackendIsRefusedWithWhatIsAllowed(String value) {
    assertThatThrownBy(() -> settings(Map.of("history-backend", value)).backend(Backend.class))
        .isInstanceOf(InvalidOption.class)
        .hasMessage(
            "history-backend: '%s' is not a backend of this version; allowed are memory, none, postgres, redis",
            value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "32MB", "1e6", "99999999999"})
  void aBodySizeThatIsNoneIsRefused(String value) {
    assertThatThrownBy(() -> settings(Map.of("history-max-body-bytes", value)))
        .isInstanceOf(InvalidOption.class)
        .hasMessage(
            "history-max-body-bytes: '%s' is not a whole number from 1 to 1073741824", value);
  }

  @Test
  void aNegativeNumberOfConversationsIsRefused() {
    assertThatThrownBy(() -> settings(Map.of("memory-max-conversations", "-1")))
        .isInstanceOf(InvalidOption.class)
        .hasMessageContaining("memory-max-conversations: '-1'");
  }

  @Test
  void postgresNeedsAUrlWhereItIsTheBackend() {
    assertThatThrownBy(() -> settings(Map.of("history-backend", "postgres")))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("postgres-db-url: missing; set postgres://user:password@host:port/database");
    assertThat(settings(Map.of("postgres-db-url", "nonsense")).backend(Backend.class))
        .isEqualTo(Backend.MEMORY);
  }

  @Test
  void aUrlOfPostgresThatIsWrongIsRefusedWithoutItsPassword() {
    assertThatThrownBy(
            () ->
                settings(
                    Map.of(
                        "history-backend", "postgres",
                        "postgres-db-url", "postgres://u:secret@db/x?sslmode=yes")))
        .isInstanceOf(InvalidOption.class)
        .hasMessageStartingWith("postgres-db-url: parameter 'sslmode': 'yes' is not allowed")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "-1", "many", "10001"})
  void aPoolThatIsTooSmallOrNoNumberIsRefused(String value) {
    assertThatThrownBy(
            () ->
                settings(
                    Map.of(
                        "history-backend", "postgres",
                        "postgres-db-url", "postgres://db/x",
                        "postgres-pool-max-size", value)))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("postgres-pool-max-size: '%s' is not a whole number from 2 to 10000", value);
  }

  @Test
  void aFlagIsTrueOrFalse() {
    assertThat(settings(Map.of("history-auto-migrate", "true")).autoMigrate()).isTrue();
    assertThat(settings(Map.of()).autoMigrate()).isFalse();
    assertThatThrownBy(() -> settings(Map.of("history-auto-migrate", "yes")))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("history-auto-migrate: 'yes' is neither true nor false");
  }

  private static Settings settings(Map<String, String> values) {
    return new Settings(name -> Optional.ofNullable(values.get(name)));
  }
}
