package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.config.InvalidOptions;
import org.smg.history.config.Options;

class OracleOptionsTest {

  private static final String LOGIN = "oracle-dsn=//db/s oracle-user=u oracle-password=s3cret ";

  @Test
  void anAliasWithItsWalletOrADescriptorIsAccepted(@TempDir Path wallet) throws IOException {
    Files.writeString(wallet.resolve("tnsnames.ora"), "history_tp = (DESCRIPTION=)");
    String alias = "oracle-tns-alias=history_tp oracle-wallet-path=%s ".formatted(wallet);

    assertThat(faults(LOGIN)).isEmpty();
    assertThat(
            faults(
                alias
                    + "oracle-user=u oracle-password=s3cret oracle-schema=HISTORY_OWNER"
                    + " oracle-pool-min=0 oracle-pool-max=2 oracle-pool-timeout-secs=1"))
        .isEmpty();
    Files.writeString(wallet.resolve("cwallet.sso"), "");
    assertThat(faults(alias + "oracle-external-auth=true")).isEmpty();
  }

  @Test
  void anAliasOfAnOptionComesSecond() {
    assertThat(faults("ATP_DSN=//db/s ATP_USER=u ATP_PASSWORD=s3cret")).isEmpty();
    assertThat(faults(LOGIN + "oracle-pool-max=4 ATP_POOL_MAX=8 ATP_POOL_MIN=5"))
        .containsExactly("oracle-pool-min: '5' is more than oracle-pool-max, which is 4");
    assertThat(faults(LOGIN + "ATP_POOL_TIMEOUT_SECS=soon"))
        .containsExactly("oracle-pool-timeout-secs: 'soon' is not a whole number from 1 to 3600");
    assertThat(faults(LOGIN + "ATP_EXTERNAL_AUTH=yes"))
        .containsExactly("oracle-external-auth: 'yes' is neither true nor false");
    assertThat(faults(LOGIN + "ATP_WALLET_PATH=/no/where"))
        .containsExactly("oracle-wallet-path: '/no/where' is not a folder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "oracle-user=u oracle-password=s3cret |"
            + " oracle-dsn: missing; set it, or oracle-tns-alias and oracle-wallet-path",
        "oracle-tns-alias=a oracle-user=u oracle-password=s3cret |"
            + " oracle-wallet-path: missing; oracle-tns-alias needs the folder of its tnsnames.ora",
        "oracle-tns-alias=a oracle-wallet-path=/no/where oracle-user=u oracle-password=s3cret |"
            + " oracle-wallet-path: '/no/where' is not a folder",
        "oracle-tns-alias=a oracle-wallet-path=. oracle-user=u oracle-password=s3cret |"
            + " oracle-wallet-path: there is no tnsnames.ora in '.'",
        "oracle-dsn=//db/s oracle-wallet-path=. oracle-external-auth=true |"
            + " oracle-wallet-path: there is no cwallet.sso or ewallet.p12 in '.',"
            + " which oracle-external-auth=true needs",
        "oracle-dsn=//db/s oracle-external-auth=true |"
            + " oracle-wallet-path: missing; oracle-external-auth=true needs a wallet",
        "oracle-dsn=//db/s oracle-password=s3cret |"
            + " oracle-user: missing; set it, or oracle-external-auth=true",
        "oracle-dsn=//db/s oracle-user=u |"
            + " oracle-password: missing; set it, or oracle-external-auth=true",
      })
  void whatIsMissingIsNamed(String options, String line) {
    assertThat(faults(options)).containsExactly(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "oracle-tns-alias=a oracle-wallet-path=. |"
            + " oracle-tns-alias: set beside oracle-dsn; one of them",
        "oracle-external-auth=true |"
            + " oracle-user: set beside oracle-external-auth=true, which goes without",
        "oracle-external-auth=true |"
            + " oracle-password: set beside oracle-external-auth=true, which goes without",
        "oracle-schema=a;b | oracle-schema: 'a;b' is not a name of letters, digits, _, $ and #",
        "oracle-pool-max=1 | oracle-pool-max: '1' is not a whole number from 2 to 10000",
        "oracle-pool-max=many | oracle-pool-max: 'many' is not a whole number from 2 to 10000",
        "oracle-pool-min=-1 | oracle-pool-min: '-1' is not a whole number from 0 to 10000",
        "oracle-pool-min=17 | oracle-pool-min: '17' is more than oracle-pool-max, which is 16",
        "oracle-pool-timeout-secs=0 |"
            + " oracle-pool-timeout-secs: '0' is not a whole number from 1 to 3600",
      })
  void whatDoesNotGoTogetherWithALoginIsNamed(String options, String line) {
    assertThat(faults(LOGIN + options))
        .contains(line)
        .allSatisfy(said -> assertThat(said).doesNotContain("s3cret"));
  }

  @Test
  void allFaultsAreToldAtOnce() {
    assertThat(
            faults(
                "oracle-tns-alias=a oracle-dsn=//db/s oracle-user=u oracle-schema=a;b"
                    + " oracle-pool-max=many oracle-pool-timeout-secs=0"))
        .containsExactly(
            "oracle-pool-max: 'many' is not a whole number from 2 to 10000",
            "oracle-pool-timeout-secs: '0' is not a whole number from 1 to 3600",
            "oracle-tns-alias: set beside oracle-dsn; one of them",
            "oracle-wallet-path: missing; oracle-tns-alias needs the folder of its tnsnames.ora",
            "oracle-password: missing; set it, or oracle-external-auth=true",
            "oracle-schema: 'a;b' is not a name of letters, digits, _, $ and #");
  }

  /**
   * @param given names and values, each such as {@code oracle-user=u}
   */
  private static List<String> faults(String given) {
    Map<String, String> values =
        Arrays.stream(given.split(" "))
            .map(option -> option.split("="))
            .collect(Collectors.toMap(option -> option[0], option -> option[1]));
    Options options = new Options(name -> Optional.ofNullable(values.get(name)));
    OracleOptions.check(options);
    try {
      options.check();
      return List.of();
    } catch (InvalidOptions invalid) {
      return invalid.getMessage().lines().toList();
    }
  }
}
