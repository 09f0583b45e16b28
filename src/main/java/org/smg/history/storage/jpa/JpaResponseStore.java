package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ItemReference;
import org.smg.history.model.Key;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.ResponseStore;

final class JpaResponseStore implements ResponseStore {

  private final Database database;
  private final Dialect dialect;

  JpaResponseStore(Database database, Dialect dialect) {
    this.database = database;
    this.dialect = dialect;
  }

  @Override
  public StoredResponse record(Scope scope, Turn turn) {
    StoredResponse response = turn.response();
    try {
      return database.write(em -> store(em, turn), () -> recorded(scope, response));
    } catch (HistoryFailure.Unavailable unavailable) {
      throw unavailable;
    } catch (HistoryFailure refused) {
      // A turn that is recorded already runs into its own items, or finds its conversation gone.
      return recorded(scope, response).orElseThrow(() -> refused);
    }
  }

  private Optional<StoredResponse> recorded(Scope scope, StoredResponse response) {
    Optional<StoredResponse> recorded = find(scope, response.key().id());
    if (recorded.isPresent() && !recorded.get().fingerprint().equals(response.fingerprint())) {
      throw new HistoryFailure.ResponseAlreadyRecorded(response.key().id());
    }
    return recorded;
  }

  private StoredResponse store(EntityManager em, Turn turn) {
    StoredResponse response = turn.response();
    Key key = response.key();
    Instant at = response.recordedAt();
    List<ItemInput> all = Stream.concat(turn.input().stream(), turn.output().stream()).toList();
    Dialect.Ground ground = ground(em, turn, Batch.ids(all));
    Batch.checkDistinct(all);
    if (turn.appends()) {
      all.stream()
          .filter(item -> !(item instanceof ItemReference))
          .forEach(item -> Batch.checkAbsent(item.id(), ground.known()));
    }
    List<Content> input = Batch.contents(turn.input(), ground.known(), at);
    List<Content> output = turn.output().stream().map(item -> Batch.added(item, at)).toList();

    em.persist(new ResponseRow(response));
    em.flush();
    Labels.of(response.metadata())
        .forEach(label -> em.persist(new ResponseLabelRow(response, label)));
    insert(em, key, ResponseItemRow.INPUT, input);
    insert(em, key, ResponseItemRow.OUTPUT, output);
    if (turn.appends()) {
      Key conversation = new Key(key.tenant(), response.conversationId());
      long position = ground.first().getAsLong();
      for (Content content : Stream.concat(input.stream(), output.stream()).toList()) {
        if (!content.inConversation()) {
          em.persist(new ItemRow(conversation, position++, content));
        }
      }
    }
    return response;
  }

  private Dialect.Ground ground(EntityManager em, Turn turn, List<String> itemIds) {
    String tenant = turn.response().key().tenant();
    String conversationId = turn.response().conversationId();
    if (turn.appends()) {
      Key conversation = new Key(tenant, conversationId);
      Dialect.Ground ground =
          dialect.reserve(em, conversation, itemIds.size(), turn.response().recordedAt(), itemIds);
      if (ground.first().isEmpty()) {
        throw HistoryFailure.NotFound.conversation(conversationId);
      }
      return ground;
    }
    if (conversationId != null
        && em.find(ConversationRow.class, RowKey.of(new Key(tenant, conversationId))) == null) {
      throw HistoryFailure.NotFound.conversation(conversationId);
    }
    return new Dialect.Ground(OptionalLong.empty(), dialect.known(em, tenant, itemIds));
  }

  private static void insert(
      EntityManager em, Key response, String direction, List<Content> contents) {
    for (int i = 0; i < contents.size(); i++) {
      em.persist(new ResponseItemRow(response, direction, i + 1L, contents.get(i)));
    }
  }

  @Override
  public Optional<StoredResponse> find(Scope scope, String id) {
    Key response = scope.key(id);
    return database
        .read(em -> Optional.ofNullable(em.find(ResponseRow.class, RowKey.of(response))))
        .map(ResponseRow::response);
  }

  @Override
  public Page<Item> inputItems(Scope scope, String id, PageRequest page) {
    Key response = scope.key(id);
    return database.read(
        em -> {
          ItemListing items = ItemListing.ofInput(em, dialect, response);
          List<Item> fetched = items.fetch(page);
          if (fetched.isEmpty()) {
            checkFound(em, response);
            items.checkCursor(page.after());
          }
          return Page.ofFetched(fetched, page.limit());
        });
  }

  private static void checkFound(EntityManager em, Key response) {
    if (em.find(ResponseRow.class, RowKey.of(response)) == null) {
      throw HistoryFailure.NotFound.response(response.id());
    }
  }

  @Override
  public Page<StoredResponse> chain(Scope scope, String id, int limit) {
    Key response = scope.key(id);
    List<StoredResponse> newestFirst =
        database.read(em -> chain(em, Texts.wanted(response), limit + 1)).stream()
            .map(ResponseRow::response)
            .toList();
    if (newestFirst.isEmpty()) {
      throw HistoryFailure.NotFound.response(response.id());
    }
    Set<String> seen = new HashSet<>();
    for (StoredResponse member : newestFirst) {
      if (!seen.add(member.key().id())) {
        throw new HistoryFailure.ChainCycle(response.id());
      }
    }
    boolean hasMore = newestFirst.size() > limit;
    List<StoredResponse> chain =
        new ArrayList<>(hasMore ? newestFirst.subList(0, limit) : newestFirst);
    Collections.reverse(chain);
    return new Page<>(chain, hasMore);
  }

  @SuppressWarnings("unchecked")
  private List<ResponseRow> chain(EntityManager em, Key response, int limit) {
    return em.createNativeQuery(dialect.chain(), ResponseRow.class)
        .setParameter(1, response.tenant())
        .setParameter(2, response.id())
        .setParameter(3, limit)
        .getResultList();
  }

  @Override
  public Page<StoredResponse> list(Scope scope, ResponseFilter filter, PageRequest page) {
    return database.read(
        em -> {
          Page<ResponseRow> found =
              new Listing<>(
                      ResponseRow.class,
                      "response",
                      scope.tenant(),
                      List.of("createdAt", "recordedAt"))
                  .with("model", filter.model())
                  .with("status", Texts.word(filter.status()))
                  .with("conversationId", filter.conversationId())
                  .with("safetyIdentifier", filter.safetyIdentifier())
                  .with("endUser", filter.user())
                  .labelled(filter.metadata(), ResponseLabelRow.class, "responseId")
                  .created(filter.created())
                  .page(em, page);
          return new Page<>(
              found.data().stream().map(ResponseRow::response).toList(), found.hasMore());
        });
  }

  @Override
  public boolean delete(Scope scope, String id) {
    Key response = scope.key(id);
    return database.write(
        em -> {
          int deleted =
              em.createQuery("DELETE FROM ResponseRow r WHERE r.tenant = :tenant AND r.id = :id")
                  .setParameter("tenant", Texts.wanted(response.tenant()))
                  .setParameter("id", Texts.wanted(response.id()))
                  .executeUpdate();
          return deleted > 0;
        });
  }
}
