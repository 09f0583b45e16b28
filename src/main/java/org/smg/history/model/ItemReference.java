package org.smg.history.model;

/**
 * Stands for an item of the same tenant that is stored already, in a conversation or in a response
 * ({@code item_reference} on the wire).
 *
 * @param id the stored item's id
 */
public record ItemReference(String id) implements ItemInput {}
