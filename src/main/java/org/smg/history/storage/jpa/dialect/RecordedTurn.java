package org.smg.history.storage.jpa.dialect;

import java.util.List;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.jpa.rows.ItemArray;
import org.smg.history.storage.jpa.rows.StoredItem;

/**
 * What a turn writes.
 *
 * @param input what was sent to the model
 * @param appends whether the conversation changes
 * @param appended the items that the conversation gets
 * @param others the turn's other items, which only the response has, or which the conversation has
 *     already
 */
public record RecordedTurn(
    StoredResponse response,
    ItemArray input,
    boolean appends,
    List<StoredItem> appended,
    List<StoredItem> others) {}
