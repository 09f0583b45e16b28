package org.smg.history.rules;

import org.smg.history.model.StoredResponse;

/** The same request has been answered before, under the same idempotency key. */
public record AnsweredBefore(StoredResponse response) implements RunBeginning {}
