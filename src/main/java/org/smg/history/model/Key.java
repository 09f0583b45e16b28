package org.smg.history.model;

/**
 * Names one conversation, response or feedback. The tenant is part of every key, so that what
 * belongs to somebody else cannot even be asked for.
 *
 * @param tenant whose data it is
 * @param id the id that clients see
 */
public record Key(String tenant, String id) {}
