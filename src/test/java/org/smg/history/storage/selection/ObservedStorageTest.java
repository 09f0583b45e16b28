package org.smg.history.storage.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smg.history.model.Conversation;
import org.smg.history.model.Feedback;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Page;
import org.smg.history.model.Scope;
import org.smg.history.model.Turn;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.Samples;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageObserver;
import org.smg.history.storage.StorageObserver.Result;
import org.smg.history.storage.StoreOperation;
import org.smg.history.storage.TurnBuilder;

/** Every operation of every store is told of once, as it ended. */
class ObservedStorageTest {

  private static final Scope SCOPE = Scope.ofTenant("acme");
  private static final Key KEY = new Key("acme", "conv_1");
  private static final Conversation CONVERSATION = Samples.conversation(KEY);

  private record Told(StoreOperation operation, Result result, Scope scope, String id) {}

  private final List<Told> told = new ArrayList<>();
  private final List<String> stored = new ArrayList<>();

  private final StorageObserver observer =
      new StorageObserver() {
        @Override
        public void ended(
            StoreOperation operation, Result result, Scope scope, String id, long nanos) {
          assertThat(nanos).isPositive();
          told.add(new Told(operation, result, scope, id));
        }

        @Override
        public void stored(StoreOperation operation, int number) {
          stored.add(number + " " + operation);
        }
      };

  private final Observation observation = new Observation(List.of(observer, observer));

  /** A store whose operations all end in the same way. */
  private static <S> S store(Class<S> type, Function<Method, Object> end) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> end.apply(method)));
  }

  static Stream<Arguments> operations() {
    return Stream.of(ConversationStore.class, ResponseStore.class, FeedbackStore.class)
        .flatMap(
            store -> Arrays.stream(store.getMethods()).map(method -> Arguments.of(store, method)))
        .filter(arguments -> !((Method) arguments.get()[1]).isDefault());
  }

  private Object observed(Class<?> type, Function<Method, Object> end) {
    if (type == ConversationStore.class) {
      return new ObservedConversations(store(ConversationStore.class, end), observation);
    }
    return type == ResponseStore.class
        ? new ObservedResponses(store(ResponseStore.class, end), observation)
        : new ObservedFeedback(store(FeedbackStore.class, end), observation);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationIsToldOf(Class<?> type, Method operation) throws Exception {
    List<Method> asked = new ArrayList<>();
    Object store =
        observed(
            type,
            method -> {
              asked.add(method);
              return nothing(method.getReturnType());
            });

    operation.invoke(store, arguments(operation));

    assertThat(asked).containsExactly(operation);
    assertThat(told).hasSize(2).allMatch(each -> each.scope().equals(SCOPE));
    boolean none =
        operation.getReturnType() == Optional.class || operation.getReturnType() == boolean.class;
    assertThat(told.get(0).result()).isEqualTo(none ? Result.NOT_FOUND : Result.SUCCESS);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyFailureIsToldOfAndThrown(Class<?> type, Method operation) {
    HistoryFailure failure = new HistoryFailure.Unavailable("away", null);
    Object store =
        observed(
            type,
            method -> {
              throw failure;
            });

    assertThatThrownBy(() -> operation.invoke(store, arguments(operation)))
        .isInstanceOf(InvocationTargetException.class)
        .hasCause(failure);
    assertThat(told).hasSize(2).allMatch(each -> each.result() == Result.ERROR);
    assertThat(stored).isEmpty();
  }

  private static Object nothing(Class<?> type) {
    if (type == boolean.class) {
      return false;
    }
    if (type == Optional.class) {
      return Optional.empty();
    }
    if (type == List.class) {
      return List.of();
    }
    return type == Page.class ? new Page<>(List.of(), false) : null;
  }

  private static Object[] arguments(Method operation) {
    return Arrays.stream(operation.getParameterTypes())
        .map(ObservedStorageTest::argument)
        .toArray();
  }

  private static Object argument(Class<?> type) {
    if (type == Scope.class) {
      return SCOPE;
    }
    if (type == Conversation.class) {
      return CONVERSATION;
    }
    if (type == Turn.class) {
      return turn();
    }
    if (type == Feedback.class) {
      return Samples.feedback(new Key("acme", "fb_1"), "resp_1");
    }
    if (type == String.class) {
      return "id";
    }
    if (type == List.class) {
      return List.of();
    }
    if (type == Optional.class) {
      return Optional.empty();
    }
    if (type == Instant.class) {
      return Instant.now();
    }
    return type == int.class ? 1 : null;
  }

  /** So that nothing of a backend is lost that has a default. */
  @ParameterizedTest
  @MethodSource("restOfTheStorage")
  void everythingElseIsTheBackendsOwn(Method method) throws Exception {
    List<Method> asked = new ArrayList<>();
    Storage storage =
        new ObservedStorage(
            store(
                Storage.class,
                asks -> {
                  asked.add(asks);
                  return nothing(asks.getReturnType());
                }),
            observation);

    method.invoke(storage);

    assertThat(asked).containsExactly(method);
  }

  static Stream<Method> restOfTheStorage() {
    return Arrays.stream(Storage.class.getMethods());
  }

  @Test
  void whatIsStoredIsCounted() {
    Item item = Samples.message("msg_1");
    ConversationStore conversations =
        new ObservedConversations(
            store(ConversationStore.class, method -> List.of(item, item)), observation);
    ResponseStore responses =
        new ObservedResponses(store(ResponseStore.class, method -> null), observation);

    conversations.create(SCOPE, CONVERSATION, List.of(item));
    conversations.append(SCOPE, "conv_1", List.of(item, item), Instant.now());
    responses.record(SCOPE, turn());

    assertThat(stored)
        .contains("1 CONVERSATION_PUT", "1 ITEM_PUT", "2 ITEM_PUT", "1 RESPONSE_PUT", "3 ITEM_PUT");
    assertThat(told).extracting(Told::id).contains("conv_1", turn().response().key().id());
  }

  private static Turn turn() {
    return new TurnBuilder(new Key("acme", "resp_1"), Samples.OWNER)
        .in(KEY)
        .output(Samples.messages("msg_", 3))
        .build();
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(HistoryFailure.NotFound.response("x"), Result.NOT_FOUND),
        Arguments.of(new HistoryFailure.UnknownReference("x"), Result.NOT_FOUND),
        Arguments.of(new HistoryFailure.ItemAlreadyInConversation("x"), Result.SUCCESS),
        Arguments.of(new HistoryFailure.FilterTooBroad(1), Result.SUCCESS),
        Arguments.of(new IllegalStateException("a bug"), Result.ERROR),
        Arguments.of(away(new SQLException("connection refused")), Result.ERROR),
        Arguments.of(away(new SocketTimeoutException("Read timed out")), Result.TIMEOUT),
        Arguments.of(away(new SQLTimeoutException("too slow")), Result.TIMEOUT),
        Arguments.of(
            away(new SQLException("canceling statement due to statement timeout")), Result.TIMEOUT),
        Arguments.of(
            away(
                new SQLException(
                    "In-use connections equal max-pool-size and expired max-wait-time")),
            Result.TIMEOUT),
        Arguments.of(
            away(new RuntimeException(new java.util.concurrent.TimeoutException())),
            Result.TIMEOUT));
  }

  private static HistoryFailure away(Throwable cause) {
    return new HistoryFailure.Unavailable("away", cause);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFaultOfTheCallerIsNoneOfTheStore(RuntimeException failure, Result result) {
    assertThat(Observation.resultOf(failure)).isEqualTo(result);
  }
}
