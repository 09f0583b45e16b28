package org.smg.history.wartests;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Two GlassFish that found an empty PostgreSQL. */
@TestInstance(Lifecycle.PER_CLASS)
@OnGlassFish
class GlassFishFleetIT implements FleetContract {

  private List<ApplicationServer> fleet = List.of();

  @BeforeAll
  void start() {
    Map<String, String> options = TestBackend.POSTGRES.options();
    List<CompletableFuture<ApplicationServer>> starting =
        Stream.of("fleet-one", "fleet-two")
            .map(
                name ->
                    CompletableFuture.supplyAsync(
                        () -> TestServer.chosen().start(name, options),
                        start -> new Thread(start).start()))
            .toList();
    fleet = starting.stream().map(CompletableFuture::join).toList();
  }

  @AfterAll
  void stop() {
    fleet.forEach(ApplicationServer::close);
  }

  @Override
  public List<Http> servers() {
    return fleet.stream().map(ApplicationServer::http).toList();
  }
}
