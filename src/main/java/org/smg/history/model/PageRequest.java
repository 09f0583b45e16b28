package org.smg.history.model;

/**
 * Which part of a list is wanted.
 *
 * @param limit how many entries at most, from 1 to 100
 * @param order the direction
 * @param after the id of the entry, in this very list, behind which the page begins; null for the
 *     first page
 */
public record PageRequest(int limit, Order order, String after) {}
