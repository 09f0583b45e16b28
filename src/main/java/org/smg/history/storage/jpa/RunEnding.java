package org.smg.history.storage.jpa;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Scope;
import org.smg.history.model.Turn;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.RunDialect.Finished;
import org.smg.history.storage.jpa.dialect.RunDialect.FinishedTurn;
import org.smg.history.storage.jpa.dialect.StoredItems;
import org.smg.history.storage.jpa.rows.StoredItem;

/**
 * Puts one finished turn in the place of its run. It takes all of the turn's items for new to their
 * conversation; where the database answers that an id is there already, it looks which ones are,
 * and tries again without them.
 */
final class RunEnding {

  private final Database database;
  private final Dialect dialect;
  private final ByteCount bytes;
  private final Scope scope;
  private final Turn turn;

  /** By id what is known to be in the conversation. */
  private Map<String, Item> present = Map.of();

  RunEnding(Database database, Dialect dialect, ByteCount bytes, Scope scope, Turn turn) {
    this.database = database;
    this.dialect = dialect;
    this.bytes = bytes;
    this.scope = scope;
    this.turn = turn;
  }

  /**
   * @return whether the response was in progress under this token
   */
  boolean run(String token, Instant at) {
    ItemIds.checkDistinct(all());
    return database.execute(
        scope.tenant(),
        connection -> {
          FinishedTurn rows = rows();
          Optional<Finished> finished = dialect.runs().finish(connection, token, rows, at);
          finished.ifPresent(replaced -> bytes.finished(scope, rows, replaced));
          return finished.isPresent();
        },
        () -> {
          present =
              database.execute(
                  scope.tenant(),
                  connection ->
                      StoredItems.inConversation(
                          connection,
                          scope.key(turn.response().conversationId()),
                          ItemIds.of(all())));
          checkAbsentOrSame();
          return Optional.empty();
        });
  }

  private List<ItemInput> all() {
    return Stream.concat(turn.input().stream(), turn.output().stream()).toList();
  }

  private FinishedTurn rows() {
    Instant at = turn.response().recordedAt();
    List<StoredItem> input = new ArrayList<>();
    List<StoredItem> output = new ArrayList<>();
    List<StoredItem> others = new ArrayList<>();
    if (turn.appends()) {
      for (ItemInput item : turn.input()) {
        if (item instanceof Item own && !present.containsKey(item.id())) {
          input.add(StoredItem.first(own, at));
        }
      }
    }
    for (Item item : turn.output()) {
      boolean isNew = turn.appends() && !present.containsKey(item.id());
      (isNew ? output : others).add(StoredItem.first(item, at));
    }
    return new FinishedTurn(turn.response(), turn.appends(), input, output, others);
  }

  private void checkAbsentOrSame() {
    for (ItemInput item : all()) {
      Item there = present.get(item.id());
      if (there != null && item instanceof Item own && !there.json().equals(own.json())) {
        throw new HistoryFailure.ItemAlreadyInConversation(item.id());
      }
    }
  }
}
