package org.smg.history.wartests.kill;

import java.util.List;

/** A turn whose caller was told that it is complete, and what else it was told. */
record Acknowledged(Turn turn, String responseId, List<String> outputIds) {}
