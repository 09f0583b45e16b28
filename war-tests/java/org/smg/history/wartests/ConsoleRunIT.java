package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.GatewayServer.RESPONSES;
import static org.smg.history.wartests.GatewayServer.says;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.wartests.ScriptedModelServer.Call;

/** How the console shows a response while the model is at it. */
@OnLiberty
@ExtendWith(Chromium.class)
@ServedBy(
    value = {MEMORY},
    withModelServer = true)
class ConsoleRunIT {

  private final GatewayServer gateway;
  private final Browser browser;
  private final ConsolePage page;

  ConsoleRunIT(GatewayServer gateway, Browser browser) {
    this.gateway = gateway;
    this.browser = browser;
    this.page = new ConsolePage(browser, gateway.server().baseUrl());
  }

  private String mark(String within) {
    return page.find(within + " .status").getText();
  }

  @Test
  void itIsMarkedUntilItHasEnded() throws IOException {
    browser.reset();
    String conversation = Fixtures.conversation(gateway.http(), List.of("t0"));
    String list = "responses?conversation=" + conversation;
    CompletableFuture<Answer> asked = gateway.asked(GatewayServer.in(conversation, "\"q1\""));
    String id;
    try (Call call = gateway.model().take()) {
      id = stored(gateway.http().get(RESPONSES + "?conversation=" + conversation)).ids().get(0);

      page.open(list + "&status=in_progress");
      assertThat(page.rows()).containsExactly(id);
      assertThat(mark("[data-row-id]")).isEqualTo("in progress");
      page.visit("responses/" + id);
      assertThat(mark("[data-role=\"facts\"]")).isEqualTo("in progress");

      call.respond(ModelAnswer.completed(says("a1")));
    }
    stored(asked.join());

    page.open(list);
    assertThat(page.rows()).containsExactly(id);
    assertThat(mark("[data-row-id]")).isEqualTo("completed");
  }
}
