package org.smg.history.model;

/** What can be appended to a conversation: an item, or the id of one that is stored already. */
public sealed interface ItemInput permits Item, ItemReference {

  String id();
}
