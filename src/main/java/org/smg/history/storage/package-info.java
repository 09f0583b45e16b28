/**
 * What a backend must do. There is a store for each aggregate and none for items: an item has no
 * life outside a conversation or a response. Ids, times and limits are given to a store, never made
 * by it, so that one contract suite fits every backend. Only the package {@code selection} knows
 * that there are several.
 */
package org.smg.history.storage;
