package org.smg.history.storage.jpa;

import org.smg.history.model.Item;

/**
 * What is stored, or to be stored, behind an item's id.
 *
 * @param storedAt when it was first stored, in microseconds
 * @param inConversation whether the conversation that is written to has it already
 */
record Content(Item item, long storedAt, boolean inConversation) {}
