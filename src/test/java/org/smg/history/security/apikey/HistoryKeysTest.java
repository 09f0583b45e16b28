package org.smg.history.security.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.log.EventLog;
import org.smg.history.log.LogFormat;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.KeyLimit;
import org.smg.history.security.authentication.Role;

class HistoryKeysTest {

  private static final String CREATE =
      "create --tenant acme --user alice@acme.example --roles history-user,history-reviewer"
          + " --expires 2999-12-31";

  @TempDir Path folder;
  private Path file;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void name() {
    file = folder.resolve("keys");
  }

  @Test
  void aKeyIsMadeThatCountsAndIsNotKept() throws IOException {
    assertThat(run(CREATE)).isZero();

    String token = said().get(2);
    assertThat(new ApiKeys(file, new EventLog(LogFormat.TEXT)).identify(token))
        .contains(new Identity("acme", "alice@acme.example", Set.of(Role.USER, Role.REVIEWER)));
    assertThat(Files.readString(file))
        .doesNotContain(token.substring(13))
        .contains(new ApiKeyToken(token).digest());
  }

  @Test
  void aKeyMayHaveALimitOfItsOwn() throws IOException {
    run(CREATE);
    run(CREATE + " --requests-per-minute 60");

    String token = said().get(5);
    assertThat(new ApiKeys(file, new EventLog(LogFormat.TEXT)).identify(token))
        .map(Identity::limit)
        .contains(new KeyLimit(new ApiKeyToken(token).id(), 60, 0, 0));
    assertThat(Files.readAllLines(file).get(1)).endsWith("revoked=-");
    assertThat(Files.readAllLines(file).get(2)).endsWith("revoked=- requests-per-minute=60");
  }

  @Test
  void aKeyMayHaveALimitOfStoredBytesWithOrWithoutOthers() throws IOException {
    run(CREATE + " --stored-megabytes 500");
    run(CREATE + " --stored-megabytes 500 --open-streams 7 --requests-per-minute 60");

    assertThat(new ApiKeys(file, new EventLog(LogFormat.TEXT)).identify(said().get(2)))
        .map(Identity::limit)
        .contains(new KeyLimit(new ApiKeyToken(said().get(2)).id(), 0, 500, 0));
    assertThat(new ApiKeys(file, new EventLog(LogFormat.TEXT)).identify(said().get(5)))
        .map(Identity::limit)
        .contains(new KeyLimit(new ApiKeyToken(said().get(5)).id(), 60, 500, 7));
    assertThat(Files.readAllLines(file).get(1)).endsWith("revoked=- stored-megabytes=500");
    assertThat(Files.readAllLines(file).get(2))
        .endsWith("revoked=- requests-per-minute=60 stored-megabytes=500 open-streams=7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5", "many", "10000000", "99999999999"})
  void aLimitThatIsNoneIsRefused(String limit) {
    for (String name : List.of("requests-per-minute", "stored-megabytes", "open-streams")) {
      err.reset();
      assertThat(run(CREATE + " --" + name + " " + limit)).isEqualTo(1);
      assertThat(err.toString())
          .startsWith(
              "has no usable %s; allowed are whole numbers from 1 to 9999999".formatted(name));
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void onlyTheOwnerMayReadTheFile() throws IOException {
    run(CREATE);
    run(CREATE);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var inside = Files.list(folder)) {
      assertThat(inside.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("keys", "keys.lock");
    }
  }

  @Test
  void aRevokedKeyNoLongerCountsAndStaysInTheList() {
    run(CREATE);
    String token = said().get(2);
    String id = new ApiKeyToken(token).id();
    run(CREATE.replace("alice", "bob"));

    assertThat(run("revoke " + id)).isZero();

    assertThat(new ApiKeys(file, new EventLog(LogFormat.TEXT)).identify(token)).isEmpty();
    out.reset();
    assertThat(run("list")).isZero();
    assertThat(said())
        .satisfiesExactly(
            alice ->
                assertThat(alice)
                    .startsWith("id=" + id + " tenant=acme user=alice@acme.example")
                    .contains("expires=2999-12-31T00:00:00Z revoked=2")
                    .doesNotContain("digest"),
            bob -> assertThat(bob).contains("user=bob@acme.example").endsWith("revoked=-"));
  }

  @Test
  void revokingAgainKeepsTheFirstTime() throws IOException {
    run(CREATE);
    String id = new ApiKeyToken(said().get(2)).id();
    run("revoke " + id);
    String before = Files.readString(file);

    assertThat(run("revoke " + id)).isZero();

    assertThat(Files.readString(file)).isEqualTo(before);
  }

  @Test
  void commandsAtTheSameTimeLoseNothing() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", "target/classes", HistoryKeys.class.getName()));
    command.addAll(List.of((CREATE + " --file " + file).split(" ")));
    List<Process> running = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      running.add(new ProcessBuilder(command).start());
    }

    for (Process process : running) {
      assertThat(process.waitFor()).isZero();
    }
    assertThat(ApiKeyFile.read(file).keys()).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "create --user u --roles history-user --expires never | --tenant is required",
        "create --tenant t --roles history-user --expires never | --user is required",
        "create --tenant t --user u --expires never | --roles is required",
        "create --tenant t --user u --roles history-user | --expires is required",
        "create --tenant t --user u --roles history-user --expires | --expires has no value",
        "create --tenant t --user u --roles history-user --expires soon |"
            + " --expires is neither a date such as 2027-01-31 nor never",
        "create --tenant t --user u --roles king --expires never |"
            + " has an unknown role; allowed are history-user, history-reviewer, history-admin,"
            + " history-operator",
        "create --tenant t=u --user u --roles history-user --expires never |"
            + " has no usable tenant; allowed are 1 to 255 ASCII letters, digits and . _ @ + -",
        "create --tenant t --user u --roles history-user --expires never --name n | Unknown: --name",
        "revoke | Expected create, list or revoke ID",
        "revoke x | There is no key with the id x",
        "remove x | Expected create, list or revoke ID",
      })
  void aMistakeIsToldAndChangesNothing(String command, String fault) {
    assertThat(run(command)).isEqualTo(1);

    assertThat(err.toString()).startsWith(fault).contains("history-keys create");
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileThatIsDamagedIsNotReplaced() throws IOException {
    Files.writeString(file, "nonsense\n");

    assertThat(run(CREATE)).isEqualTo(1);

    assertThat(err.toString()).contains("line 1 is no key").doesNotContain("nonsense");
    assertThat(file).hasContent("nonsense");
  }

  private int run(String command) {
    return HistoryKeys.run(
        List.of(command.split(" ")),
        Map.of("HISTORY_API_KEYS_FILE", file.toString()),
        new PrintStream(out),
        new PrintStream(err));
  }

  private List<String> said() {
    return out.toString().lines().toList();
  }
}
