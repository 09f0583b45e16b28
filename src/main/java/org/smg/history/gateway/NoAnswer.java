package org.smg.history.gateway;

/** What the model server has sent is not an answer, or not all of one. */
final class NoAnswer extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ModelServerFailure failure;

  NoAnswer(ModelServerFailure failure) {
    super(failure.message());
    this.failure = failure;
  }

  ModelServerFailure failure() {
    return failure;
  }
}
