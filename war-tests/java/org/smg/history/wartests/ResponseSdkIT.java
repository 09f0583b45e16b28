package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.smg.history.wartests.GatewayServer.says;
import static org.smg.history.wartests.TestBackend.MEMORY;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.smg.history.wartests.ScriptedModelServer.Call;

/** Applications with OpenAI's own SDKs get responses through the gateway, and have a history. */
@OnLiberty
@ServedBy(value = MEMORY, withModelServer = true)
class ResponseSdkIT {

  private static final String PROGRAMS = "org.smg.history.wartests.ClientProgram#";

  private final GatewayServer gateway;
  private final OpenAIClient client;

  ResponseSdkIT(GatewayServer gateway) {
    this.gateway = gateway;
    this.client = OpenAIOkHttpClient.builder().baseUrl(base()).apiKey("none").build();
  }

  /** An open connection would delay the server's end. */
  @AfterEach
  void close() {
    client.close();
    assertThat(gateway.model().left()).isEmpty();
  }

  private String base() {
    return gateway.server().baseUrl() + "/v1";
  }

  /** Answers the next requests for the model. */
  private CompletableFuture<Void> answering(ModelAnswer... answers) {
    return CompletableFuture.runAsync(
        () -> {
          for (ModelAnswer answer : answers) {
            try (Call call = gateway.model().take()) {
              call.respond(answer);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
  }

  private static ModelAnswer reasoned(String text) {
    return ModelAnswer.completed(ModelItem.reasoning(Fixtures.unique("rs"), "hm"), says(text));
  }

  private static ResponseCreateParams.Builder asking(String input) {
    return ResponseCreateParams.builder().model("m").input(input);
  }

  private static String text(Response response) {
    return response.output().stream()
        .filter(item -> item.isMessage())
        .map(item -> item.asMessage().content().get(0).asOutputText().text())
        .findFirst()
        .orElseThrow();
  }

  private Response streamed(ResponseCreateParams asked) {
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(asked)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    return accumulator.response();
  }

  @Test
  void theJavaSdkGetsAnswersAndStreamsInAConversation() {
    String conversation = client.conversations().create().id();
    CompletableFuture<Void> model = answering(reasoned("a1"), reasoned("a2"), reasoned("a3"));

    Response first = client.responses().create(asking("q1").conversation(conversation).build());
    Response second = streamed(asking("q2").conversation(conversation).build());
    Response branch = streamed(asking("q3").previousResponseId(first.id()).build());
    model.join();

    assertThat(text(first.validate())).isEqualTo("a1");
    assertThat(text(second.validate())).isEqualTo("a2");
    assertThat(second.status()).contains(ResponseStatus.COMPLETED);
    assertThat(second.conversation().orElseThrow().id()).isEqualTo(conversation);
    assertThat(branch.validate().previousResponseId()).contains(first.id());
    for (Response response : new Response[] {first, second, branch}) {
      assertThat(client.responses().retrieve(response.id()).validate()).isEqualTo(response);
    }
    assertThat(client.conversations().items().list(conversation).autoPager())
        .filteredOn(item -> item.isMessage())
        .extracting(item -> item.asMessage().id())
        .hasSize(4);
  }

  /** A repetition would be paid for. */
  @Test
  void theJavaSdkDoesNotRepeatWhatTheModelServerFailedAt() {
    CompletableFuture<Void> model =
        CompletableFuture.runAsync(
            () -> {
              try (Call call = gateway.model().take()) {
                call.answer(500, "text/plain", "out of memory");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });

    InternalServerException failure =
        catchThrowableOfType(
            InternalServerException.class, () -> client.responses().create(asking("q1").build()));
    model.join();

    assertThat(failure.statusCode()).isEqualTo(502);
    assertThat(failure.code()).contains("model_server_error");
  }

  @Test
  void theJavaSdkIsToldWhatIsMissing() {
    BadRequestException failure =
        catchThrowableOfType(
            BadRequestException.class,
            () -> client.responses().create(asking("q1").previousResponseId("resp_none").build()));

    assertThat(failure.code()).contains("previous_response_not_found");
    assertThat(failure.param()).contains("previous_response_id");
  }

  @Test
  @EnabledIf(
      value = PROGRAMS + "nodeAndNpmAreThere",
      disabledReason = "node and npm are not on the PATH, so OpenAI's Node SDK was not tried")
  void theNodeSdkStreams() throws IOException, InterruptedException {
    ClientProgram program = ClientProgram.node("responses.mjs");
    CompletableFuture<Void> model = answeringTheProgram();

    assertThat(program.run("node", "responses.mjs", base())).endsWith("all well\n");
    model.join();
  }

  @Test
  @EnabledIf(
      value = PROGRAMS + "pythonIsThere",
      disabledReason = "python3 is not on the PATH, so OpenAI's Python SDK was not tried")
  void thePythonSdkStreams() throws IOException, InterruptedException {
    ClientProgram program = ClientProgram.python("responses.py");
    CompletableFuture<Void> model = answeringTheProgram();

    assertThat(program.run("sdk/bin/python", "responses.py", base())).endsWith("all well\n");
    model.join();
  }

  private CompletableFuture<Void> answeringTheProgram() {
    return answering(
        reasoned("Take an umbrella."),
        reasoned("It will."),
        ModelAnswer.completed(
            ModelItem.call(Fixtures.unique("fc"), "call_1", "{\"city\":\"Lisbon\"}")));
  }
}
