package org.smg.history.model;

/**
 * What can be appended to a conversation: an item with its own content, one that stands for what is
 * stored already, or the id of what is stored already.
 */
public sealed interface ItemInput permits Item, ItemReference, ReusedItem {

  String id();
}
