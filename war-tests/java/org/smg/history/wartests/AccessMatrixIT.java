package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.unique;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.smg.history.security.Endpoint;
import org.smg.history.security.authentication.Role;

/**
 * Who reaches what, where users see what they made: every endpoint, for every role, with an object
 * of the same user, of another user of the tenant, of another tenant, and with none. What is out of
 * reach is answered like what does not exist: the same status, headers and body.
 */
@OnLiberty
@ParameterizedClass(name = "{0}")
@EnumSource(names = {"MEMORY", "POSTGRES", "POSTGRES_ROW_SECURITY", "REDIS"})
class AccessMatrixIT {

  private static final Map<Role, Http> ALICE = new EnumMap<>(Role.class);

  private static ApplicationServer server;
  private static Http reviewerWithoutReason;
  private static Http bob;
  private static Http eve;

  private final TestBackend backend;

  AccessMatrixIT(TestBackend backend) {
    this.backend = backend;
  }

  @BeforeParameterizedClassInvocation
  static void start(TestBackend backend) {
    String name = "matrix-" + backend.name().toLowerCase();
    KeyRing keys = KeyRing.named(name);
    Map<Role, String> alice = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      alice.put(role, keys.create("acme", "alice", role.word()));
    }
    String bobsKey = keys.create("acme", "bob", Role.USER.word());
    // The same name as in the other tenant, and another user.
    String evesKey = keys.create("globex", "alice", Role.USER.word());
    Map<String, String> options = new TreeMap<>(backend.options());
    options.putAll(keys.options("own"));
    server = TestServer.chosen().start(name, options);
    alice.forEach((role, key) -> ALICE.put(role, as(key)));
    reviewerWithoutReason = ALICE.get(Role.REVIEWER);
    ALICE.put(Role.REVIEWER, reviewerWithoutReason.with("X-Access-Reason: complaint%204711"));
    bob = as(bobsKey);
    eve = as(evesKey);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    server.close();
  }

  private static Http as(String key) {
    return server.http().with("Authorization: Bearer " + key);
  }

  /** Who made the object that is asked for. */
  private enum Whose {
    OWN,
    OTHER_USER,
    OTHER_TENANT,
    NOBODY;

    Http maker() {
      return switch (this) {
        case OWN, NOBODY -> ALICE.get(Role.USER);
        case OTHER_USER -> bob;
        case OTHER_TENANT -> eve;
      };
    }

    MadeHistory make() {
      MadeHistory made = MadeHistory.by(maker());
      return this == NOBODY ? made.missing() : made;
    }
  }

  private enum Kind {
    READ,
    WRITE,
    RATE,
    DELETE,
    ASK_MODEL,
    OPERATE,
    DESCRIBE,
    MEASURE
  }

  private enum Reach {
    NOTHING,
    OWN,
    TENANT;

    boolean includes(Whose whose) {
      return switch (this) {
        case NOTHING -> false;
        case OWN -> whose == Whose.OWN;
        case TENANT -> whose == Whose.OWN || whose == Whose.OTHER_USER;
      };
    }
  }

  /** A new endpoint does not compile without its row. */
  private static Kind kind(Endpoint endpoint) {
    return switch (endpoint) {
      case LIST_CONVERSATIONS,
          GET_CONVERSATION,
          LIST_ITEMS,
          GET_ITEM,
          LIST_RESPONSES,
          GET_RESPONSE,
          LIST_INPUT_ITEMS,
          GET_CHAIN,
          LIST_RESPONSE_FEEDBACK,
          LIST_FEEDBACK,
          GET_FEEDBACK ->
          Kind.READ;
      case CREATE_CONVERSATION,
          UPDATE_CONVERSATION,
          APPEND_ITEMS,
          RECORD_RESPONSE,
          CANCEL_RESPONSE ->
          Kind.WRITE;
      case CREATE_RESPONSE, CREATE_CHAT_COMPLETION, CREATE_EMBEDDINGS, LIST_MODELS, GET_MODEL ->
          Kind.ASK_MODEL;
      case ADD_FEEDBACK -> Kind.RATE;
      case DELETE_CONVERSATION,
          DELETE_CONVERSATIONS,
          DELETE_ITEM,
          DELETE_RESPONSE,
          DELETE_RESPONSES,
          DELETE_FEEDBACK ->
          Kind.DELETE;
      case GET_RETENTION -> Kind.OPERATE;
      case GET_DESCRIPTION -> Kind.DESCRIBE;
      case GET_METRICS -> Kind.MEASURE;
    };
  }

  /** What is promised, in other words than those of the code. */
  private static Reach reach(Role role, Kind kind) {
    return switch (role) {
      case USER -> kind == Kind.OPERATE || kind == Kind.MEASURE ? Reach.NOTHING : Reach.OWN;
      case REVIEWER -> kind == Kind.READ || kind == Kind.RATE ? Reach.TENANT : Reach.NOTHING;
      case ADMIN -> kind == Kind.DELETE || kind == Kind.OPERATE ? Reach.TENANT : Reach.NOTHING;
      case OPERATOR -> kind == Kind.OPERATE ? Reach.TENANT : Reach.NOTHING;
    };
  }

  private static Answer ask(Http http, Endpoint endpoint, MadeHistory of) {
    String path =
        "/v1"
            + endpoint
                .path()
                .replace("{conversation_id}", of.conversation())
                .replace("{item_id}", of.item())
                .replace("{response_id}", of.response())
                .replace("{model}", "m-1")
                .replace("{id}", id(endpoint, of))
            + filter(endpoint, of);
    return http.send(endpoint.method(), path, body(endpoint, of));
  }

  private static String filter(Endpoint endpoint, MadeHistory of) {
    return switch (endpoint) {
      case DELETE_CONVERSATIONS -> "?metadata%5Bmark%5D=" + of.mark();
      case DELETE_RESPONSES -> "?user=" + of.mark();
      default -> "";
    };
  }

  private static String id(Endpoint endpoint, MadeHistory of) {
    String path = endpoint.path();
    return path.startsWith("/conversations")
        ? of.conversation()
        : path.startsWith("/responses") ? of.response() : of.feedback();
  }

  private static String body(Endpoint endpoint, MadeHistory of) {
    return switch (endpoint) {
      case CREATE_CONVERSATION, CREATE_RESPONSE, CREATE_CHAT_COMPLETION, CREATE_EMBEDDINGS -> "{}";
      case UPDATE_CONVERSATION -> "{\"metadata\":{\"by\":\"another\"}}";
      case APPEND_ITEMS -> "{\"items\":[{\"role\":\"user\",\"content\":\"more\"}]}";
      case RECORD_RESPONSE -> "{\"output\":[]}";
      case ADD_FEEDBACK -> "{\"rating\":\"negative\"}";
      default -> null;
    };
  }

  @Test
  void everyRoleReachesWhatItsRowSaysAndNothingElse() {
    int rows = 0;
    for (Endpoint endpoint : Endpoint.values()) {
      for (Role role : Role.values()) {
        for (Whose whose : Whose.values()) {
          check(endpoint, role, whose);
          rows++;
        }
      }
    }
    System.out.printf("%s on %s: %d rows of the matrix%n", backend, server, rows);
  }

  private static void check(Endpoint endpoint, Role role, Whose whose) {
    String row = "%s as %s, object of %s".formatted(endpoint, role, whose);
    Reach reach = reach(role, kind(endpoint));
    MadeHistory object = whose.make();
    String before = object.seenBy(whose.maker());

    Answer answer = ask(ALICE.get(role), endpoint, object);

    if (kind(endpoint) == Kind.DESCRIBE
        || kind(endpoint) == Kind.MEASURE && role == Role.OPERATOR) {
      assertThat(answer.status()).as(row).isEqualTo(200);
    } else if (kind(endpoint) == Kind.OPERATE && reach == Reach.TENANT) {
      assertThat(answer.status()).as(row).isEqualTo(200);
      assertThat(shows(answer, object)).as(row).isFalse();
    } else if (reach == Reach.NOTHING) {
      assertThat(Refusal.of(answer))
          .as(row)
          .satisfies(
              refused -> assertThat(refused.status()).isEqualTo(403),
              refused -> assertThat(refused.code()).isEqualTo("insufficient_permissions"));
    } else if (endpoint == Endpoint.CREATE_CONVERSATION) {
      assertThat(answer.status()).as(row).isEqualTo(200);
    } else if (kind(endpoint) == Kind.ASK_MODEL) {
      assertThat(Refusal.of(answer).code()).as(row).isEqualTo("model_server_not_configured");
    } else if (endpoint == Endpoint.RECORD_RESPONSE) {
      checkRecorded(row, whose, answer);
    } else if (isListOfTheTenant(endpoint)) {
      assertThat(object.ids().stream().anyMatch(stored(answer).ids()::contains))
          .as(row)
          .isEqualTo(reach.includes(whose));
    } else if (endpoint == Endpoint.CANCEL_RESPONSE && reach.includes(whose)) {
      assertThat(Refusal.of(answer).status()).as(row).isEqualTo(400);
    } else if (reach.includes(whose)) {
      assertThat(answer.status()).as(row + answer).isEqualTo(200);
      if (kind(endpoint) == Kind.READ) {
        assertThat(shows(answer, object)).as(row).isTrue();
      }
      if (kind(endpoint) == Kind.DELETE) {
        assertThat(object.seenBy(whose.maker())).as(row).isNotEqualTo(before);
      }
    } else {
      assertThat(comparable(answer, object))
          .as(row)
          .isEqualTo(
              comparable(ask(ALICE.get(role), endpoint, object.missing()), object.missing()));
      assertThat(answer.text()).as(row).doesNotContain("secret");
    }
    if (whose != Whose.NOBODY && !reach.includes(whose)) {
      assertThat(object.seenBy(whose.maker())).as(row).isEqualTo(before);
    }
  }

  private static boolean shows(Answer answer, MadeHistory object) {
    return answer.text().contains("secret")
        || object.ids().stream().anyMatch(answer.text()::contains);
  }

  /**
   * An id of a response is taken for the whole tenant: that another user has it is the one thing
   * that shows. In another tenant it is another id.
   */
  private static void checkRecorded(String row, Whose whose, Answer answer) {
    switch (whose) {
      case OWN, OTHER_USER -> {
        assertThat(Refusal.of(answer).status()).as(row).isEqualTo(400);
        assertThat(Refusal.of(answer).code()).as(row).isEqualTo("response_already_recorded");
      }
      case OTHER_TENANT, NOBODY -> assertThat(answer.status()).as(row).isEqualTo(200);
    }
  }

  /** Also if it is the very turn that the other user recorded, but for its conversation. */
  @Test
  void theSameTurnIsTakenForARepeatOnlyOfTheSameUser() {
    String turn = "{\"input\":\"the same\",\"output\":[]}";
    String response = unique("resp");
    stored(bob.put("/v1/responses/" + response, turn));

    assertThat(bob.put("/v1/responses/" + response, turn).status()).isEqualTo(200);
    assertThat(Refusal.of(ALICE.get(Role.USER).put("/v1/responses/" + response, turn)).code())
        .isEqualTo("response_already_recorded");
  }

  private static boolean isListOfTheTenant(Endpoint endpoint) {
    return switch (endpoint) {
      case LIST_CONVERSATIONS, LIST_RESPONSES, LIST_FEEDBACK -> true;
      default -> false;
    };
  }

  /** Status, headers and body, without the ids that were asked for and what differs by nature. */
  private static List<String> comparable(Answer answer, MadeHistory askedFor) {
    String whole =
        answer.head().stream()
                .filter(line -> !line.toLowerCase().startsWith("date:"))
                .filter(line -> !line.toLowerCase().startsWith("x-request-id:"))
                .collect(Collectors.joining("\n"))
            + "\n\n"
            + answer.text();
    for (String id : askedFor.ids()) {
      whole = whole.replace(id, "<id>");
    }
    return whole.lines().toList();
  }

  /** Ways to name an object elsewhere than in the path: what alice asks, by mine and its own. */
  private static Map<String, BiFunction<MadeHistory, MadeHistory, Answer>> otherWays() {
    Http alice = ALICE.get(Role.USER);
    Map<String, BiFunction<MadeHistory, MadeHistory, Answer>> ways = new TreeMap<>();
    ways.put(
        "item_reference in a new conversation",
        (mine, named) -> alice.post("/v1/conversations", references(named.item())));
    ways.put(
        "item_reference in an append",
        (mine, named) ->
            alice.post(Fixtures.items(Fixtures.conversation(alice)), references(named.item())));
    ways.put(
        "item_reference in a turn",
        (mine, named) ->
            alice.put(
                "/v1/responses/" + unique("resp"),
                "{\"input\":[{\"type\":\"item_reference\",\"id\":\"%s\"}],\"output\":[]}"
                    .formatted(named.item())));
    ways.put(
        "conversation of a turn",
        (mine, named) ->
            alice.put(
                "/v1/responses/" + unique("resp"),
                "{\"conversation\":\"%s\",\"output\":[]}".formatted(named.conversation())));
    for (String cursor : List.of("after", "before")) {
      ways.put(
          cursor + " of conversations",
          (mine, named) -> alice.get("/v1/conversations?" + cursor + "=" + named.conversation()));
      ways.put(
          cursor + " of responses",
          (mine, named) -> alice.get("/v1/responses?" + cursor + "=" + named.response()));
      ways.put(
          cursor + " of feedback",
          (mine, named) -> alice.get("/v1/feedback?" + cursor + "=" + named.feedback()));
      ways.put(
          cursor + " of items",
          (mine, named) ->
              alice.get(Fixtures.items(mine.conversation()) + "?" + cursor + "=" + named.item()));
    }
    return ways;
  }

  private static String references(String item) {
    return "{\"items\":[{\"type\":\"item_reference\",\"id\":\"%s\"}]}".formatted(item);
  }

  @Test
  void whatIsNamedInBodiesAndCursorsIsFoundIfItIsOwn() {
    otherWays()
        .forEach(
            (way, ask) -> {
              MadeHistory mine = Whose.OWN.make();
              assertThat(ask.apply(mine, mine).status()).as(way).isEqualTo(200);
              for (Whose whose : List.of(Whose.OTHER_USER, Whose.OTHER_TENANT)) {
                MadeHistory theirs = whose.make();
                String before = theirs.seenBy(whose.maker());

                Answer answer = ask.apply(mine, theirs);

                assertThat(answer.status()).as(way + whose).isEqualTo(404);
                assertThat(comparable(answer, theirs))
                    .as(way + " of " + whose)
                    .isEqualTo(comparable(ask.apply(mine, theirs.missing()), theirs.missing()));
                assertThat(theirs.seenBy(whose.maker())).isEqualTo(before);
              }
            });
  }

  @Test
  void filtersFindNothingOfOthers() {
    for (Role role : List.of(Role.USER, Role.REVIEWER)) {
      for (Whose whose : Whose.values()) {
        MadeHistory made = whose.make();
        boolean found = reach(role, Kind.READ).includes(whose);
        Map<String, String> lists =
            Map.of(
                "/v1/responses?conversation=" + made.conversation(), made.response(),
                "/v1/feedback?response_id=" + made.response(), made.feedback(),
                "/v1/feedback?conversation_id=" + made.conversation(), made.feedback());

        lists.forEach(
            (list, id) ->
                assertThat(stored(ALICE.get(role).get(list)).ids())
                    .as("%s of %s as %s", list, whose, role)
                    .isEqualTo(found ? List.of(id) : List.of()));
      }
    }
  }

  @Test
  void aChainDoesNotLeadToOthers() {
    Http alice = ALICE.get(Role.USER);
    for (Whose whose : Whose.values()) {
      MadeHistory before = whose.make();
      String next =
          Fixtures.response(
              alice, "{\"previous_response_id\":\"%s\"}".formatted(before.response()));

      assertThat(stored(alice.get("/v1/responses/" + next + "/chain")).ids())
          .as(whose.name())
          .isEqualTo(whose == Whose.OWN ? List.of(before.response(), next) : List.of(next));
    }
  }

  /** An id that was made here stands for what is stored under it, unless that is out of reach. */
  @Test
  void anIdOfOthersBringsNoContentAlong() {
    Http alice = ALICE.get(Role.USER);
    for (Whose whose : List.of(Whose.OTHER_USER, Whose.OTHER_TENANT)) {
      MadeHistory theirs = whose.make();
      String conversation = Fixtures.conversation(alice);

      Answer appended =
          alice.post(
              Fixtures.items(conversation),
              "{\"items\":[{\"id\":\"%s\",\"role\":\"user\",\"content\":\"mine\"}]}"
                  .formatted(theirs.item()));

      assertThat(stored(appended).text()).contains("mine").doesNotContain("secret");
    }
  }

  /** The key of another user is another key, though it has the same letters. */
  @Test
  void anIdempotencyKeyOfOthersBringsNothingAlong() {
    String key = "Idempotency-Key: " + unique("key");
    List<String> made =
        Stream.of(bob, eve, ALICE.get(Role.USER))
            .map(user -> stored(user.with(key).post("/v1/conversations", "{}")).id())
            .toList();

    assertThat(made).doesNotHaveDuplicates();
    assertThat(stored(bob.with(key).post("/v1/conversations", "{}")).id()).isEqualTo(made.get(0));
    assertThat(ALICE.get(Role.USER).get("/v1/conversations/" + made.get(2)).status())
        .isEqualTo(200);
  }

  @Test
  void theRequestDoesNotDecideWhoseItIs() {
    Http alice =
        ALICE
            .get(Role.USER)
            .with("x-smg-tenant-id: globex", "OpenAI-Organization: globex", "X-User: bob");
    String claims = "{\"tenant\":\"globex\",\"owner\":\"bob\",\"user\":\"bob\",\"output\":[]}";

    String conversation = stored(alice.post("/v1/conversations?tenant=globex", claims)).id();
    String response = unique("resp");
    stored(alice.put("/v1/responses/" + response, claims));

    for (String path : List.of("/v1/conversations/" + conversation, "/v1/responses/" + response)) {
      assertThat(ALICE.get(Role.USER).get(path).status()).isEqualTo(200);
      assertThat(bob.get(path).status()).isEqualTo(404);
      assertThat(eve.get(path).status()).isEqualTo(404);
    }
  }

  @Test
  void withoutAKeyNothingIsReached() {
    MadeHistory made = Whose.OWN.make();
    for (Endpoint endpoint : Endpoint.values()) {
      Answer answer = ask(server.http(), endpoint, made);
      assertThat(answer.status()).as(endpoint.name()).isEqualTo(401);
    }
  }

  @Test
  void aReviewWithoutAReasonIsRefused() {
    MadeHistory made = Whose.OTHER_USER.make();
    for (Endpoint endpoint : Endpoint.values()) {
      if (reach(Role.REVIEWER, kind(endpoint)) == Reach.TENANT) {
        assertThat(Refusal.of(ask(reviewerWithoutReason, endpoint, made)))
            .as(endpoint.name())
            .isEqualTo(
                Refusal.invalid(
                    400,
                    "X-Access-Reason",
                    "missing_required_parameter",
                    "Missing required header: 'X-Access-Reason'. Say why you look at what others"
                        + " made."));
      }
    }
  }
}
