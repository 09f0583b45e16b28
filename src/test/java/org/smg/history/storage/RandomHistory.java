package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.reused;
import static org.smg.history.storage.Samples.scopeOf;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.smg.history.model.Conversation;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ItemReference;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.ReusedItem;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;

/** Does the same random operations with a storage and with lists, and compares the answers. */
final class RandomHistory {

  private static final int CONVERSATIONS = 6;
  private static final int RESPONSES = 8;

  /** In microseconds, of which one passes with each operation. */
  private static final int CONVERSATIONS_KEPT = 12;

  private static final int RESPONSES_KEPT = 20;

  private record ModelConversation(Conversation description, List<Item> items) {}

  private record ModelResponse(StoredResponse description, List<Item> input, List<Item> output) {}

  private final SampleTenant tenant;
  private final Storage storage;
  private final Random random;
  private final Map<String, ModelConversation> conversations = new TreeMap<>();
  private final Map<String, ModelResponse> responses = new TreeMap<>();
  private final Map<String, String> feedback = new TreeMap<>();
  private final SettableHorizon horizon;
  private long now;
  private int items;
  private int refused;

  RandomHistory(SampleTenant tenant, long seed) {
    this(tenant, seed, null);
  }

  /**
   * @param horizon moves with the time that passes, or is null where nothing becomes due
   */
  RandomHistory(SampleTenant tenant, long seed, SettableHorizon horizon) {
    this.horizon = horizon;
    this.tenant = tenant;
    this.storage = tenant.storage();
    this.random = new Random(seed);
  }

  int refused() {
    return refused;
  }

  /** Does one operation, and says which. */
  String next() {
    timePasses();
    Key conversation = tenant.key("conv_" + random.nextInt(CONVERSATIONS));
    Key response = tenant.key("resp_" + random.nextInt(RESPONSES));
    switch (random.nextInt(12)) {
      case 0, 1 -> {
        return conversations.containsKey(conversation.id())
            ? append(conversation)
            : create(conversation);
      }
      case 2, 3, 4 -> {
        return append(conversation);
      }
      case 5 -> {
        return removeItem(conversation);
      }
      case 6 -> {
        return random.nextInt(3) == 0 ? deleteConversation(conversation) : label(conversation);
      }
      case 7, 8, 9 -> {
        return record(response);
      }
      case 10 -> {
        return deleteResponse(response);
      }
      default -> {
        return random.nextBoolean() ? addFeedback(response) : deleteFeedback();
      }
    }
  }

  private void timePasses() {
    now++;
    if (horizon != null) {
      now += random.nextInt(8) == 0 ? random.nextInt(CONVERSATIONS_KEPT) : 0;
      horizon.set(at(now - CONVERSATIONS_KEPT), at(now - RESPONSES_KEPT));
      conversations
          .values()
          .removeIf(model -> horizon.isDueConversation(model.description().updatedAt()));
      responses.values().removeIf(model -> horizon.isDueResponse(model.description().recordedAt()));
      feedback.values().retainAll(responses.keySet());
    }
  }

  /** Reads everything, and every id that there ever was. */
  void assertSame(String description) {
    for (int number = 0; number < CONVERSATIONS; number++) {
      Key key = tenant.key("conv_" + number);
      Optional<ModelConversation> expected = Optional.ofNullable(conversations.get(key.id()));
      assertThat(storage.conversations().find(scopeOf(key), key.id()))
          .as(description)
          .isEqualTo(expected.map(ModelConversation::description));
      if (expected.isPresent()) {
        assertThat(tenant.itemsOf(key).walk(Order.ASC, 1 + random.nextInt(9)))
            .as(description)
            .isEqualTo(expected.get().items());
      }
    }
    for (int number = 0; number < RESPONSES; number++) {
      Key key = tenant.key("resp_" + number);
      Optional<ModelResponse> expected = Optional.ofNullable(responses.get(key.id()));
      assertThat(storage.responses().find(scopeOf(key), key.id()))
          .as(description)
          .isEqualTo(expected.map(ModelResponse::description));
      if (expected.isPresent()) {
        assertThat(tenant.input(key.id())).as(description).isEqualTo(expected.get().input());
      }
    }
    FeedbackStoreContract.feedback(tenant).assertEntries(List.copyOf(feedback.keySet()));
    for (int number = Math.max(0, items - 25); number <= items; number++) {
      String id = "msg_" + number;
      assertThat(tenant.canLink(id, now))
          .as("%s: is %s stored", description, id)
          .isEqualTo(stored(id).isPresent());
    }
  }

  private String create(Key key) {
    List<ItemInput> inputs = inputs();
    Conversation created = Samples.conversation(key, now, labels("made", "" + now));
    ModelConversation model = new ModelConversation(created, new ArrayList<>());
    compare(
        () -> {
          model.items().addAll(resolved(inputs, model.items()));
          conversations.put(key.id(), model);
          return created;
        },
        () -> {
          storage.conversations().create(scopeOf(created.key()), created, inputs);
          return created;
        });
    return "create " + key.id() + " " + ids(inputs);
  }

  private String append(Key key) {
    List<ItemInput> inputs = inputs();
    compare(
        () -> {
          ModelConversation model = existing(key);
          List<Item> appended = resolved(inputs, model.items());
          model.items().addAll(appended);
          updated(key);
          return appended;
        },
        () -> storage.conversations().append(scopeOf(key), key.id(), inputs, at(now)));
    return "append to " + key.id() + " " + ids(inputs);
  }

  private String removeItem(Key key) {
    String id =
        Optional.ofNullable(conversations.get(key.id()))
            .map(ModelConversation::items)
            .filter(entries -> !entries.isEmpty() && random.nextInt(4) > 0)
            .map(entries -> entries.get(random.nextInt(entries.size())).id())
            .orElse(knownId());
    compare(
        () ->
            existing(key).items().removeIf(item -> item.id().equals(id))
                ? Optional.of(updated(key))
                : Optional.empty(),
        () -> storage.conversations().removeItem(scopeOf(key), key.id(), id, at(now)));
    return "remove " + id + " from " + key.id();
  }

  private String deleteConversation(Key key) {
    compare(
        () -> conversations.remove(key.id()) != null,
        () -> storage.conversations().delete(scopeOf(key), key.id()));
    return "delete " + key.id();
  }

  private String label(Key key) {
    Metadata labels = labels("changed", "" + now);
    compare(
        () ->
            Optional.ofNullable(
                    conversations.computeIfPresent(
                        key.id(),
                        (id, model) ->
                            new ModelConversation(
                                model.description().withMetadata(labels, at(now)), model.items())))
                .map(ModelConversation::description),
        () -> storage.conversations().replaceMetadata(scopeOf(key), key.id(), labels, at(now)));
    return "label " + key.id();
  }

  private String record(Key key) {
    List<ResponseStatus> ends = ResponseStatus.finished();
    TurnBuilder builder =
        tenant
            .turn(key.id())
            .created(now)
            .recorded(now)
            .fingerprint("" + random.nextInt(2))
            .status(random.nextInt(4) > 0 ? ends.get(0) : ends.get(random.nextInt(ends.size())))
            .input(inputs().stream().map(this::asSent).toArray(ItemInput[]::new))
            .output(newItem(), newItem());
    if (random.nextInt(3) > 0) {
      builder.in(tenant.key("conv_" + random.nextInt(CONVERSATIONS)));
    }
    Turn turn = builder.build();
    compare(
        () -> record(turn), () -> storage.responses().record(scopeOf(turn.response().key()), turn));
    return "record " + turn;
  }

  private StoredResponse record(Turn turn) {
    StoredResponse response = turn.response();
    ModelResponse recorded = responses.get(response.key().id());
    if (recorded != null) {
      if (recorded.description().fingerprint().equals(response.fingerprint())) {
        return recorded.description();
      }
      throw new HistoryFailure.ResponseAlreadyRecorded(response.key().id());
    }
    Key key = tenant.key(response.conversationId());
    List<Item> there = response.conversationId() == null ? List.of() : existing(key).items();
    Set<String> linked = new HashSet<>();
    for (ItemInput input : turn.input()) {
      if (input instanceof ItemReference && has(there, input.id())) {
        linked.add(input.id());
      }
    }
    for (Item item :
        Stream.concat(turn.input().stream(), turn.output().stream())
            .filter(Item.class::isInstance)
            .map(Item.class::cast)
            .toList()) {
      if (there.contains(item)) {
        linked.add(item.id());
      }
    }
    List<Item> refusing =
        turn.appends()
            ? there.stream().filter(item -> !linked.contains(item.id())).toList()
            : List.of();
    List<Item> input = resolved(turn.input(), refusing);
    if (turn.appends()) {
      Stream.concat(input.stream(), turn.output().stream())
          .filter(item -> !linked.contains(item.id()))
          .forEach(there::add);
      updated(key);
    }
    responses.put(response.key().id(), new ModelResponse(response, input, turn.output()));
    return response;
  }

  private String deleteResponse(Key key) {
    compare(
        () -> {
          feedback.values().removeIf(key.id()::equals);
          return responses.remove(key.id()) != null;
        },
        () -> storage.responses().delete(scopeOf(key), key.id()));
    return "delete " + key.id();
  }

  private String addFeedback(Key response) {
    Key key = tenant.key("fb_%06d".formatted(now));
    compare(
        () -> {
          if (!responses.containsKey(response.id())) {
            throw HistoryFailure.NotFound.response(response.id());
          }
          feedback.put(key.id(), response.id());
          return key.id();
        },
        () -> tenant.feedback(key.id(), response.id()).key().id());
    return "add " + key.id() + " to " + response.id();
  }

  private String deleteFeedback() {
    List<String> given = List.copyOf(feedback.keySet());
    String id = given.isEmpty() ? "fb_nowhere" : given.get(random.nextInt(given.size()));
    compare(() -> feedback.remove(id) != null, () -> storage.feedback().delete(tenant.scope(), id));
    return "delete " + id;
  }

  /** Both must answer the same, or refuse; of several reasons to refuse, any will do. */
  private void compare(Supplier<Object> model, Supplier<Object> real) {
    Optional<Object> expected = answer(model);
    if (expected.isEmpty()) {
      refused++;
    }
    assertThat(answer(real)).isEqualTo(expected);
  }

  private static Optional<Object> answer(Supplier<Object> operation) {
    try {
      return Optional.of(operation.get());
    } catch (HistoryFailure refusal) {
      return Optional.empty();
    }
  }

  private List<Item> resolved(List<? extends ItemInput> inputs, Collection<Item> there) {
    Set<String> ids = new HashSet<>();
    for (ItemInput input : inputs) {
      if (!ids.add(input.id()) || has(there, input.id())) {
        throw new HistoryFailure.ItemAlreadyInConversation(input.id());
      }
    }
    return inputs.stream().map(this::resolved).toList();
  }

  private Item resolved(ItemInput input) {
    if (input instanceof Item item) {
      return item;
    }
    if (input instanceof ReusedItem reused) {
      return stored(reused.id()).orElse(reused.sent());
    }
    return stored(input.id()).orElseThrow(() -> new HistoryFailure.UnknownReference(input.id()));
  }

  private Optional<Item> stored(String id) {
    return Stream.concat(
            conversations.values().stream().flatMap(model -> model.items().stream()),
            responses.values().stream()
                .flatMap(model -> Stream.concat(model.input().stream(), model.output().stream())))
        .filter(item -> item.id().equals(id))
        .findFirst();
  }

  private static boolean has(Collection<Item> items, String id) {
    return items.stream().anyMatch(item -> item.id().equals(id));
  }

  private ModelConversation existing(Key key) {
    return Optional.ofNullable(conversations.get(key.id()))
        .orElseThrow(() -> HistoryFailure.NotFound.conversation(key.id()));
  }

  private Conversation updated(Key key) {
    ModelConversation model = conversations.get(key.id());
    Conversation description = model.description().updated(at(now));
    conversations.put(key.id(), new ModelConversation(description, model.items()));
    return description;
  }

  /**
   * Up to four: mostly new ones, some under a known id, some references, now and then a mistake.
   * All contents under an id that is referred to are alike, so that it does not matter which is
   * found.
   */
  private List<ItemInput> inputs() {
    List<ItemInput> inputs = new ArrayList<>();
    Set<String> chosen = new HashSet<>();
    for (int count = 1 + random.nextInt(4); count > 0; count--) {
      ItemInput input =
          switch (random.nextInt(6)) {
            case 0 -> reused(knownId(), "at " + now);
            case 1 -> new ItemReference(knownId());
            case 2 -> message("own_" + random.nextInt(20), "at " + now);
            default -> newItem();
          };
      if (chosen.add(input.id()) || random.nextInt(10) == 0) {
        inputs.add(input);
      }
    }
    return inputs;
  }

  /** What a turn records stands for nothing but itself, and gets an id that nobody refers to. */
  private ItemInput asSent(ItemInput input) {
    return input instanceof ReusedItem ? message("own_" + random.nextInt(20), "at " + now) : input;
  }

  private Item newItem() {
    return message("msg_" + ++items, "at " + now);
  }

  private String knownId() {
    return "msg_" + (items - random.nextInt(25));
  }

  private static List<String> ids(List<ItemInput> inputs) {
    return inputs.stream().map(ItemInput::id).toList();
  }
}
