package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.smg.history.wartests.Fixtures.unique;
import static org.smg.history.wartests.TestBackend.MEMORY;
import static org.smg.history.wartests.TestBackend.POSTGRES;
import static org.smg.history.wartests.TestBackend.REDIS;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.conversations.Conversation;
import com.openai.models.conversations.ConversationCreateParams;
import com.openai.models.conversations.ConversationUpdateParams;
import com.openai.models.conversations.items.ConversationItem;
import com.openai.models.conversations.items.ConversationItemList;
import com.openai.models.conversations.items.ItemCreateParams;
import com.openai.models.conversations.items.ItemDeleteParams;
import com.openai.models.conversations.items.ItemListPage;
import com.openai.models.conversations.items.ItemListParams;
import com.openai.models.conversations.items.ItemRetrieveParams;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.inputitems.InputItemListParams;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An application with OpenAI's own Java SDK changes its base URL and nothing else. */
@ServedBy({MEMORY, POSTGRES, REDIS})
class OpenAiJavaIT {

  private final ApplicationServer server;
  private final OpenAIClient client;

  OpenAiJavaIT(ApplicationServer server) {
    this.server = server;
    this.client =
        OpenAIOkHttpClient.builder().baseUrl(server.baseUrl() + "/v1").apiKey("none").build();
  }

  /** An open connection would delay the server's end. */
  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aConversationIsCreatedRetrievedUpdatedAndDeleted() {
    Conversation created =
        client
            .conversations()
            .create(
                ConversationCreateParams.builder()
                    .metadata(
                        ConversationCreateParams.Metadata.builder()
                            .putAdditionalProperty("topic", JsonValue.from("tests"))
                            .build())
                    .addItem(message("first"))
                    .addItem(message("second"))
                    .build());
    String id = created.validate().id();

    assertThat(client.conversations().retrieve(id)).isEqualTo(created);
    assertThat(created._metadata()).isEqualTo(JsonValue.from(Map.of("topic", "tests")));
    assertThat(texts(client.conversations().items().list(id, ascending(id, 20)))).hasSize(2);

    Conversation updated =
        client
            .conversations()
            .update(
                id,
                ConversationUpdateParams.builder()
                    .metadata(
                        ConversationUpdateParams.Metadata.builder()
                            .putAdditionalProperty("state", JsonValue.from("done"))
                            .build())
                    .build());
    assertThat(updated._metadata()).isEqualTo(JsonValue.from(Map.of("state", "done")));
    assertThat(client.conversations().retrieve(id)).isEqualTo(updated);

    assertThat(client.conversations().delete(id).validate().deleted()).isTrue();
    assertThatThrownBy(() -> client.conversations().retrieve(id))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aConversationIsCreatedWithoutAnything() {
    Conversation created = client.conversations().create().validate();

    assertThat(created._metadata()).isEqualTo(JsonValue.from(Map.of()));
    assertThat(client.conversations().items().list(created.id()).data()).isEmpty();
    assertThat(client.conversations().items().list(created.id()).hasNextPage()).isFalse();
  }

  @Test
  void itemsAreCreatedInOrderRetrievedAndDeleted() {
    String id = client.conversations().create().id();

    ConversationItemList created =
        client
            .conversations()
            .items()
            .create(
                id,
                ItemCreateParams.builder()
                    .addItem(message("a"))
                    .addItem(
                        ResponseFunctionToolCall.builder()
                            .callId("call_1")
                            .name("f")
                            .arguments("{}")
                            .build())
                    .addItem(message("b"))
                    .build())
            .validate();

    assertThat(created.hasMore()).isFalse();
    assertThat(created.data().get(1).asFunctionCall().callId()).isEqualTo("call_1");
    String first = created.data().get(0).asMessage().id();
    assertThat(created.firstId()).isEqualTo(first);
    assertThat(created.lastId()).isEqualTo(created.data().get(2).asMessage().id());
    ItemRetrieveParams retrieval =
        ItemRetrieveParams.builder().conversationId(id).itemId(first).build();
    assertThat(client.conversations().items().retrieve(retrieval)).isEqualTo(created.data().get(0));

    Conversation left =
        client
            .conversations()
            .items()
            .delete(ItemDeleteParams.builder().conversationId(id).itemId(first).build());

    assertThat(left.validate().id()).isEqualTo(id);
    assertThat(client.conversations().items().list(id).data())
        .containsExactly(created.data().get(2), created.data().get(1));
    assertThatThrownBy(() -> client.conversations().items().retrieve(retrieval))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void allPagesTogetherAreTheConversation() {
    String id = client.conversations().create().id();
    List<String> texts = new ArrayList<>();
    for (int batch = 0; batch < 3; batch++) {
      List<String> more =
          IntStream.range(20 * batch, 20 * batch + 15).mapToObj(i -> "t" + i).toList();
      texts.addAll(more);
      client
          .conversations()
          .items()
          .create(
              id,
              ItemCreateParams.builder()
                  .items(more.stream().map(OpenAiJavaIT::message).toList())
                  .build());
    }

    assertThat(texts(client.conversations().items().list(id, ascending(id, 7)))).isEqualTo(texts);
    assertThat(texts(client.conversations().items().list(id, ascending(id, 45)))).isEqualTo(texts);
    Collections.reverse(texts);
    assertThat(texts(client.conversations().items().list(id))).isEqualTo(texts);
  }

  @Test
  void aRecordedResponseIsRetrievedWithItsInputAndDeleted() {
    String id = unique("resp");
    String input = Fixtures.messages(IntStream.range(0, 7).mapToObj(i -> "t" + i).toList());
    Fixtures.stored(
        server
            .http()
            .put(
                "/v1/responses/" + id,
                ("{\"model\":\"m\",\"input\":[%s],\"parallel_tool_calls\":true,\"tools\":[],"
                        + "\"tool_choice\":\"auto\",\"output\":[{\"type\":\"message\",\"role\":"
                        + "\"assistant\",\"status\":\"completed\",\"content\":[{\"type\":"
                        + "\"output_text\",\"text\":\"pong\",\"annotations\":[]}]}]}")
                    .formatted(input)));

    Response response = client.responses().retrieve(id).validate();

    assertThat(response.id()).isEqualTo(id);
    assertThat(response.status()).contains(ResponseStatus.COMPLETED);
    assertThat(response.output().get(0).asMessage().content().get(0).asOutputText().text())
        .isEqualTo("pong");
    assertThat(inputTexts(id, InputItemListParams.Order.ASC))
        .containsExactly("t0", "t1", "t2", "t3", "t4", "t5", "t6");
    assertThat(inputTexts(id, InputItemListParams.Order.DESC))
        .containsExactly("t6", "t5", "t4", "t3", "t2", "t1", "t0");

    client.responses().delete(id);
    assertThatThrownBy(() -> client.responses().retrieve(id)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> client.responses().delete(id)).isInstanceOf(NotFoundException.class);
  }

  @Test
  void whatIsNotFoundIsSaidInTheSdksWords() {
    NotFoundException failure =
        catchThrowableOfType(
            NotFoundException.class, () -> client.conversations().retrieve("conv_none"));

    assertThat(failure.getMessage()).isEqualTo("404: Conversation with id 'conv_none' not found.");
    assertThat(failure.type()).contains("invalid_request_error");
    assertThat(failure.code()).isEmpty();
    assertThat(failure.param()).isEmpty();
    assertThat(failure.headers().values("x-request-id")).hasSize(1);
  }

  @Test
  void aFaultIsNamedToTheSdkByItsPlace() {
    String id = client.conversations().create().id();

    BadRequestException failure =
        catchThrowableOfType(
            BadRequestException.class,
            () ->
                client
                    .conversations()
                    .items()
                    .list(ItemListParams.builder().conversationId(id).limit(1000).build()));

    assertThat(failure.code()).contains("integer_above_max_value");
    assertThat(failure.param()).contains("limit");
    assertThat(failure.type()).contains("invalid_request_error");
  }

  private List<String> inputTexts(String responseId, InputItemListParams.Order order) {
    List<String> texts = new ArrayList<>();
    client
        .responses()
        .inputItems()
        .list(InputItemListParams.builder().responseId(responseId).limit(3).order(order).build())
        .autoPager()
        .forEach(
            item ->
                texts.add(item.asResponseInputMessageItem().content().get(0).asInputText().text()));
    return texts;
  }

  private static List<String> texts(ItemListPage firstPage) {
    List<String> texts = new ArrayList<>();
    for (ConversationItem item : firstPage.autoPager()) {
      texts.add(item.asMessage().content().get(0).asInputText().text());
    }
    return texts;
  }

  private static ItemListParams ascending(String conversation, long limit) {
    return ItemListParams.builder()
        .conversationId(conversation)
        .limit(limit)
        .order(ItemListParams.Order.ASC)
        .build();
  }

  private static ResponseInputItem message(String text) {
    return ResponseInputItem.ofEasyInputMessage(
        EasyInputMessage.builder().role(EasyInputMessage.Role.USER).content(text).build());
  }
}
