package org.smg.history.gateway;

/**
 * One call of the model server.
 *
 * @param request what it is asked
 * @param record what is kept of the answer
 * @param isKept whether anything is, so that the answer is of use without its caller, too
 */
record Call(ModelRequest request, AnswerRecord record, boolean isKept) implements Prepared {

  /** Of which nothing is kept, and nothing changed. */
  static Call unrecorded(ModelRequest request) {
    return new Call(request, AnswerRecord.NONE, false);
  }
}
