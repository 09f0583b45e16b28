package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.between;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TimeRange;

/** Lists of responses. */
public interface ResponseListContract extends StorageUnderTest {

  @Test
  default void aTenantWithoutResponsesHasAnEmptyList() {
    assertThat(responses(freshTenant()).walk(Order.DESC, 1)).isEmpty();
  }

  @Test
  default void responsesAreListedByCreationThenByRecordingThenByIds() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_1").created(20).recorded(21));
    tenant.record(tenant.turn("resp_2").created(10).recorded(40));
    tenant.record(tenant.turn("resp_3").created(10).recorded(30));
    tenant.record(tenant.turn("resp_6").created(10).recorded(35));
    tenant.record(tenant.turn("resp_4").created(10).recorded(35));
    tenant.record(tenant.turn("resp_5").created(10).recorded(35));
    tenant.record(tenant.turn("resp_7").created(5).recorded(90));

    responses(tenant)
        .assertEntries(
            List.of("resp_7", "resp_3", "resp_4", "resp_5", "resp_6", "resp_2", "resp_1"));
  }

  @Test
  default void aListShowsResponsesAsTheyWereRecorded() {
    SampleTenant tenant = freshTenant();
    TurnBuilder turn = tenant.turn("resp_1").metadata(labels("b", "2", "a", "1")).after("resp_0");
    tenant.record(turn);

    assertThat(responses(tenant).walk(Order.ASC, 10)).containsExactly(turn.response());
  }

  @Test
  default void aListCanBeFilteredByEachField() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    tenant.record(tenant.turn("resp_0").created(1).model(null).user(null).safetyIdentifier(null));
    tenant.record(tenant.turn("resp_1").created(2).model("gpt"));
    tenant.record(tenant.turn("resp_2").created(3).status(ResponseStatus.FAILED));
    tenant.record(tenant.turn("resp_3").created(4).in(conversation));
    tenant.record(tenant.turn("resp_4").created(5).safetyIdentifier("gpt"));
    tenant.record(tenant.turn("resp_5").created(6).user("gpt"));
    tenant.record(tenant.turn("resp_6").created(7).metadata(labels("gpt", "1", "a", "b")));

    assertListed(tenant, FilterBuilder.of(tenant).model("gpt"), "resp_1");
    assertListed(tenant, FilterBuilder.of(tenant).model("gp%"));
    assertListed(tenant, FilterBuilder.of(tenant).model("GPT"));
    assertListed(tenant, FilterBuilder.of(tenant).status(ResponseStatus.FAILED), "resp_2");
    assertListed(tenant, FilterBuilder.of(tenant).status(ResponseStatus.CANCELLED));
    assertListed(tenant, FilterBuilder.of(tenant).conversation("conv_a"), "resp_3");
    assertListed(tenant, FilterBuilder.of(tenant).conversation("conv_nowhere"));
    assertListed(tenant, FilterBuilder.of(tenant).safetyIdentifier("gpt"), "resp_4");
    assertListed(tenant, FilterBuilder.of(tenant).user("gpt"), "resp_5");
    assertListed(tenant, FilterBuilder.of(tenant).metadata(labels("gpt", "1")), "resp_6");
    assertListed(tenant, FilterBuilder.of(tenant).metadata(labels("gpt", "2")));
    assertListed(tenant, FilterBuilder.of(tenant).metadata(labels("gpt", "1", "c", "d")));
  }

  @Test
  default void aTimeRangeOfResponsesIncludesItsBeginningAndNotItsEnd() {
    SampleTenant tenant = freshTenant();
    for (int created = 1; created <= 5; created++) {
      // The time of recording is another one, and must not matter.
      tenant.record(tenant.turn("resp_" + created).created(created).recorded(100 - created));
    }

    assertListed(tenant, FilterBuilder.of(tenant).created(between(2, 4)), "resp_2", "resp_3");
    assertListed(tenant, FilterBuilder.of(tenant).created(between(2, 2)));
    assertListed(
        tenant, FilterBuilder.of(tenant).created(new TimeRange(at(4), null)), "resp_4", "resp_5");
    assertListed(tenant, FilterBuilder.of(tenant).created(new TimeRange(null, at(2))), "resp_1");
  }

  @Test
  default void everyCombinationOfFiltersLetsPassWhatMeetsAllOfThem() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    Random random = new Random(7);
    List<StoredResponse> recorded = new ArrayList<>();
    for (int number = 10; number < 40; number++) {
      TurnBuilder turn = tenant.turn("resp_" + number).created(number).recorded(number);
      // Mostly what is looked for, so that the narrowest filter still finds some.
      turn.model(random.nextInt(5) > 0 ? "model" : "other");
      turn.status(random.nextInt(5) > 0 ? ResponseStatus.COMPLETED : ResponseStatus.INCOMPLETE);
      turn.safetyIdentifier(random.nextInt(5) > 0 ? "safety" : null);
      turn.user(random.nextInt(5) > 0 ? "user" : "other");
      turn.metadata(random.nextInt(5) > 0 ? labels("app", "chat", "x", "y") : Metadata.NONE);
      recorded.add(tenant.record(random.nextInt(5) > 0 ? turn.in(conversation) : turn));
    }

    for (int chosen = 0; chosen < 1 << 7; chosen++) {
      FilterBuilder filter = FilterBuilder.of(tenant);
      Predicate<StoredResponse> expected = response -> true;
      if ((chosen & 1) != 0) {
        filter.model("model");
        expected = expected.and(response -> "model".equals(response.model()));
      }
      if ((chosen & 2) != 0) {
        filter.status(ResponseStatus.COMPLETED);
        expected = expected.and(response -> response.status() == ResponseStatus.COMPLETED);
      }
      if ((chosen & 4) != 0) {
        filter.conversation("conv_a");
        expected = expected.and(response -> "conv_a".equals(response.conversationId()));
      }
      if ((chosen & 8) != 0) {
        filter.safetyIdentifier("safety");
        expected = expected.and(response -> "safety".equals(response.safetyIdentifier()));
      }
      if ((chosen & 16) != 0) {
        filter.user("user");
        expected = expected.and(response -> "user".equals(response.user()));
      }
      if ((chosen & 32) != 0) {
        filter.metadata(labels("app", "chat"));
        expected =
            expected.and(response -> "chat".equals(response.metadata().entries().get("app")));
      }
      if ((chosen & 64) != 0) {
        filter.created(between(12, 37));
        expected =
            expected.and(
                response ->
                    !response.createdAt().isBefore(at(12))
                        && response.createdAt().isBefore(at(37)));
      }
      List<StoredResponse> passing = recorded.stream().filter(expected).toList();
      assertThat(passing).as("the sample").isNotEmpty();
      assertThat(filter.list(storage()).walk(Order.ASC, 3))
          .as("filters %s", Integer.toBinaryString(chosen))
          .isEqualTo(passing);
    }
  }

  @Test
  default void aDeletedResponseIsNotListed() {
    SampleTenant tenant = freshTenant();
    for (int created = 1; created <= 3; created++) {
      tenant.record(tenant.turn("resp_" + created).created(created));
    }

    storage().responses().delete(tenant.scope(), "resp_2");

    responses(tenant).assertEntries(List.of("resp_1", "resp_3"));
    responses(tenant).assertCursorRefused("resp_2");
  }

  @Test
  default void aListAfterAnUnknownResponseIsRefused() {
    SampleTenant tenant = freshTenant();
    tenant.conversation("conv_a", message("msg_a"));
    tenant.record(tenant.turn("resp_a").after("resp_0"));
    tenant.feedback("fb_a", "resp_a");

    for (String cursor : List.of("nowhere", "resp_0", "conv_a", "msg_a", "fb_a")) {
      responses(tenant).assertCursorRefused(cursor);
    }
  }

  static Paging<StoredResponse> responses(SampleTenant tenant) {
    return FilterBuilder.of(tenant).list(tenant.storage());
  }

  private static void assertListed(SampleTenant tenant, FilterBuilder filter, String... ids) {
    filter.list(tenant.storage()).assertEntries(List.of(ids));
  }

  /** A filter that lets everything of its tenant pass, unless told otherwise. */
  final class FilterBuilder {

    private final Scope scope;
    private String model;
    private ResponseStatus status;
    private String conversationId;
    private String safetyIdentifier;
    private String user;
    private Metadata metadata = Metadata.NONE;
    private TimeRange created = TimeRange.ALWAYS;

    private FilterBuilder(Scope scope) {
      this.scope = scope;
    }

    public static FilterBuilder of(SampleTenant tenant) {
      return new FilterBuilder(tenant.scope());
    }

    public FilterBuilder model(String wanted) {
      model = wanted;
      return this;
    }

    public FilterBuilder status(ResponseStatus wanted) {
      status = wanted;
      return this;
    }

    public FilterBuilder conversation(String wanted) {
      conversationId = wanted;
      return this;
    }

    public FilterBuilder safetyIdentifier(String wanted) {
      safetyIdentifier = wanted;
      return this;
    }

    public FilterBuilder user(String wanted) {
      user = wanted;
      return this;
    }

    public FilterBuilder metadata(Metadata wanted) {
      metadata = wanted;
      return this;
    }

    public FilterBuilder created(TimeRange wanted) {
      created = wanted;
      return this;
    }

    public ResponseFilter build() {
      return new ResponseFilter(
          model, status, conversationId, safetyIdentifier, user, metadata, created);
    }

    Paging<StoredResponse> list(Storage storage) {
      ResponseFilter filter = build();
      return Paging.of(
          page -> storage.responses().list(scope, filter, page), response -> response.key().id());
    }
  }
}
