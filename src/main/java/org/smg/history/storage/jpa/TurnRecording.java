package org.smg.history.storage.jpa;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.RecordedTurn;
import org.smg.history.storage.jpa.dialect.Retained;
import org.smg.history.storage.jpa.dialect.RunStatements;
import org.smg.history.storage.jpa.dialect.StoredItems;
import org.smg.history.storage.jpa.rows.ItemArray;
import org.smg.history.storage.jpa.rows.StoredItem;

/**
 * Records one turn. It takes all of its items for new to their conversation, but for those that it
 * only refers to; where the database answers that an id is there already, it looks which ones are,
 * and tries again without them.
 */
final class TurnRecording {

  private final Database database;
  private final Dialect dialect;
  private final ByteCount bytes;
  private final Retained retained;
  private final LinkedItems linked;
  private final DueRows due;
  private final Scope scope;
  private final Turn turn;
  private final List<ItemInput> sent;

  /** By id what is known to be in the conversation. */
  private Map<String, Item> present = Map.of();

  TurnRecording(
      Database database,
      Dialect dialect,
      ByteCount bytes,
      Retained retained,
      Scope scope,
      Turn turn) {
    this.database = database;
    this.dialect = dialect;
    this.bytes = bytes;
    this.retained = retained;
    this.linked = new LinkedItems(database, retained);
    this.due = new DueRows(database, dialect, bytes, retained);
    this.scope = scope;
    this.turn = turn;
    this.sent = Stream.concat(turn.input().stream(), turn.output().stream()).toList();
  }

  /**
   * @param recorded finds the response if it is recorded already
   */
  StoredResponse run(Supplier<Optional<StoredResponse>> recorded) {
    ItemIds.checkDistinct(sent);
    Instant at = turn.response().recordedAt();
    List<StoredItem> input = linked.resolve(scope, turn.input(), at);
    List<StoredItem> output =
        turn.output().stream().map(item -> StoredItem.first(item, at)).toList();
    List<StoredItem> all = Stream.concat(input.stream(), output.stream()).toList();
    ItemArray inputArray = ItemArray.of(input.stream().map(StoredItem::item).toList());
    lookUp(LinkedItems.ids(turn.input()));
    Optional<StoredResponse> response = write(inputArray, all, recorded);
    while (response.isEmpty()) {
      // Where nothing is refused, a run that had taken an id has ended since.
      refuseTaken();
      response = write(inputArray, all, recorded);
    }
    return response.get();
  }

  /**
   * @return empty if there is no such conversation, or a run in it has taken one of the ids
   */
  private Optional<StoredResponse> write(
      ItemArray input, List<StoredItem> all, Supplier<Optional<StoredResponse>> recorded) {
    return database.execute(
        scope.tenant(),
        connection -> {
          RecordedTurn rows = rows(input, all);
          if (!dialect.record(connection, scope, rows, retained)) {
            return Optional.empty();
          }
          bytes.recorded(scope, rows);
          return Optional.of(turn.response());
        },
        () -> {
          Optional<StoredResponse> same = recorded.get();
          if (same.isEmpty()) {
            if (retained.limitsResponses()) {
              due.removeResponse(scope.tenant(), turn.response().key().id());
            }
            lookUp(ItemIds.of(sent));
            checkAbsentOrSame();
          }
          return same.map(Optional::of);
        });
  }

  private void refuseTaken() {
    String conversation = turn.response().conversationId();
    database
        .execute(
            scope.tenant(),
            connection -> RunStatements.claim(connection, scope, conversation, retained))
        .refuseTaken(turn.appends() ? ItemIds.of(sent) : List.of());
  }

  private RecordedTurn rows(ItemArray input, List<StoredItem> all) {
    List<StoredItem> appended = new ArrayList<>();
    List<StoredItem> others = new ArrayList<>();
    for (StoredItem item : all) {
      boolean isNew = turn.appends() && !present.containsKey(item.item().id());
      (isNew ? appended : others).add(item);
    }
    return new RecordedTurn(turn.response(), input, turn.appends(), appended, others);
  }

  private void lookUp(List<String> ids) {
    if (turn.appends() && !ids.isEmpty()) {
      String conversation = turn.response().conversationId();
      present =
          database.execute(
              scope.tenant(),
              connection -> StoredItems.inConversation(connection, scope.key(conversation), ids));
    }
  }

  private void checkAbsentOrSame() {
    for (ItemInput item : sent) {
      Item there = present.get(item.id());
      if (there != null && item instanceof Item own && !there.json().equals(own.json())) {
        throw new HistoryFailure.ItemAlreadyInConversation(item.id());
      }
    }
  }
}
