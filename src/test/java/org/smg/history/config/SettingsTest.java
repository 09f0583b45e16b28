package org.smg.history.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
            "history-backend: '%s' is not a backend of this version; allowed are memory, none, oracle, postgres, redis",
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
        .hasMessageStartingWith(
            "postgres-db-url: parameter 1 'sslmode' has a value that is not allowed")
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
  void oracleTakesAnAliasWithItsWalletOrADescriptor(@TempDir Path wallet) throws IOException {
    Files.writeString(wallet.resolve("tnsnames.ora"), "history_tp = (DESCRIPTION=)");

    oracle("oracle-dsn", "//db/service", "oracle-user", "u", "oracle-password", "secret");
    oracle(
        "oracle-tns-alias", "history_tp",
        "oracle-wallet-path", wallet.toString(),
        "oracle-user", "u",
        "oracle-password", "secret",
        "oracle-schema", "HISTORY_OWNER",
        "oracle-pool-min", "0",
        "oracle-pool-max", "2",
        "oracle-pool-timeout-secs", "1");
    Files.writeString(wallet.resolve("cwallet.sso"), "");
    oracle(
        "oracle-tns-alias", "history_tp",
        "oracle-wallet-path", wallet.toString(),
        "oracle-external-auth", "true");
  }

  @Test
  void oraclesOptionsHaveAnOtherNameThatComesSecond() {
    oracle("ATP_DSN", "//db/service", "ATP_USER", "u", "ATP_PASSWORD", "secret");
    assertThatThrownBy(
            () -> oracle("oracle-pool-max", "4", "ATP_POOL_MAX", "8", "ATP_POOL_MIN", "5"))
        .hasMessage("oracle-pool-min: '5' is more than oracle-pool-max, which is 4");
    assertThatThrownBy(() -> oracle("ATP_POOL_TIMEOUT_SECS", "soon"))
        .hasMessage("oracle-pool-timeout-secs: 'soon' is not a whole number from 1 to 3600");
    assertThatThrownBy(() -> oracle("ATP_EXTERNAL_AUTH", "yes"))
        .hasMessage("oracle-external-auth: 'yes' is neither true nor false");
    assertThatThrownBy(() -> oracle("ATP_WALLET_PATH", "/nowhere", "ATP_TNS_ALIAS", "a"))
        .hasMessage("oracle-wallet-path: '/nowhere' is not a folder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "oracle-user=u | oracle-dsn: missing; set it, or oracle-tns-alias and oracle-wallet-path",
        "oracle-dsn=//db/s oracle-tns-alias=a | oracle-tns-alias: set beside oracle-dsn; one of them",
        "oracle-tns-alias=a |"
            + " oracle-wallet-path: missing; oracle-tns-alias needs the folder of its tnsnames.ora",
        "oracle-tns-alias=a oracle-wallet-path=/no/where |"
            + " oracle-wallet-path: '/no/where' is not a folder",
        "oracle-tns-alias=a oracle-wallet-path=. |"
            + " oracle-wallet-path: there is no tnsnames.ora in '.'",
        "oracle-dsn=//db/s oracle-wallet-path=. oracle-external-auth=true |"
            + " oracle-wallet-path: there is no cwallet.sso or ewallet.p12 in '.',"
            + " which oracle-external-auth=true needs",
        "oracle-dsn=//db/s oracle-external-auth=true |"
            + " oracle-wallet-path: missing; oracle-external-auth=true needs a wallet",
        "oracle-dsn=//db/s oracle-external-auth=true oracle-password=secret |"
            + " oracle-password: set beside oracle-external-auth=true, which goes without",
        "oracle-dsn=//db/s oracle-external-auth=true oracle-user=u |"
            + " oracle-user: set beside oracle-external-auth=true, which goes without",
        "oracle-dsn=//db/s | oracle-user: missing; set it, or oracle-external-auth=true",
        "oracle-dsn=//db/s oracle-user=u |"
            + " oracle-password: missing; set it, or oracle-external-auth=true",
        "oracle-dsn=//db/s oracle-user=u oracle-password=secret oracle-schema=a;b |"
            + " oracle-schema: 'a;b' is not a name of letters, digits, _, $ and #",
        "oracle-pool-max=1 | oracle-pool-max: '1' is not a whole number from 2 to 10000",
        "oracle-pool-max=many | oracle-pool-max: 'many' is not a whole number from 2 to 10000",
        "oracle-pool-min=-1 | oracle-pool-min: '-1' is not a whole number from 0 to 10000",
        "oracle-pool-min=17 | oracle-pool-min: '17' is more than oracle-pool-max, which is 16",
        "oracle-pool-timeout-secs=0 |"
            + " oracle-pool-timeout-secs: '0' is not a whole number from 1 to 3600",
      })
  void whatDoesNotGoTogetherForOracleIsRefused(String options, String line) {
    assertThatThrownBy(() -> oracle(options.split("[ =]")))
        .isInstanceOf(InvalidOption.class)
        .hasMessage(line);
  }

  @Test
  void oraclesOptionsAreOnlyReadWhereItIsTheBackend() {
    assertThat(settings(Map.of("oracle-pool-min", "nonsense")).backend(Backend.class))
        .isEqualTo(Backend.MEMORY);
  }

  private static Settings oracle(String... namesAndValues) {
    Map<String, String> values = new HashMap<>(Map.of("history-backend", "oracle"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return settings(values);
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
