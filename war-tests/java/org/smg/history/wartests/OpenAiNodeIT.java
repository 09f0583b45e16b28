package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** An application with OpenAI's own Node SDK changes its base URL and nothing else. */
@OnLiberty
@ServedBy(MEMORY)
class OpenAiNodeIT {

  private static final String NODE_AND_NPM =
      "org.smg.history.wartests.ClientProgram#nodeAndNpmAreThere";

  private final ApplicationServer server;

  OpenAiNodeIT(ApplicationServer server) {
    this.server = server;
  }

  @Test
  @EnabledIf(
      value = NODE_AND_NPM,
      disabledReason = "node and npm are not on the PATH, so OpenAI's Node SDK was not tried")
  void theNodeSdkWorks() throws IOException, InterruptedException {
    assertThat(ClientProgram.node("smoke.mjs").run("node", "smoke.mjs", server.baseUrl() + "/v1"))
        .endsWith("all well\n");
  }

  /** With {@code dangerouslyAllowBrowser}; the script asks and checks as a browser does. */
  @Test
  @EnabledIf(
      value = NODE_AND_NPM,
      disabledReason = "node and npm are not on the PATH, so OpenAI's Node SDK was not tried")
  void theNodeSdkWorksInAPageOfAnOriginThatIsAllowed() throws IOException, InterruptedException {
    String origin = "https://chat.example";
    KeyRing keys = KeyRing.named("browser");
    String key = keys.create("acme", "alice", "history-user");
    Map<String, String> options = new TreeMap<>(MEMORY.options());
    options.putAll(keys.options("tenant"));
    options.put("HISTORY_CORS_ORIGINS", "http://localhost:3000," + origin);
    try (ApplicationServer allowing = TestServer.chosen().start("browser", options)) {
      String base = allowing.baseUrl() + "/v1";

      assertThat(ClientProgram.node("browser.mjs").run("node", "browser.mjs", base, origin, key))
          .endsWith("all well\n");
    }
  }
}
