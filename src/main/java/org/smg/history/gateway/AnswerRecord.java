package org.smg.history.gateway;

import java.util.List;
import org.smg.history.model.HistoryFailure;

/** What is kept of an answer while it is relayed. Used by one thread at a time. */
interface AnswerRecord {

  /** Keeps nothing. */
  AnswerRecord NONE =
      new AnswerRecord() {
        @Override
        public List<ModelRequest.Header> headers() {
          return List.of();
        }

        @Override
        public byte[] leaving(byte[] streamed) {
          return streamed;
        }

        @Override
        public boolean isComplete() {
          return false;
        }

        @Override
        public byte[] finish(byte[] whole) {
          return whole;
        }

        @Override
        public void fail(ModelServerFailure failure) {
          // There is nothing to be recorded.
        }

        @Override
        public byte[] end(ModelServerFailure failure) {
          return ErrorEvent.of(failure);
        }
      };

  /** Further headers of the answer. */
  List<ModelRequest.Header> headers();

  /**
   * What may leave of a stream now that these bytes have come; the rest is held back.
   *
   * @throws HistoryFailure.Invalid if it is not what a model server answers
   * @throws NoAnswer if the model server says that it failed
   */
  byte[] leaving(byte[] streamed);

  /** Whether the last event of a stream has come, so that nothing else is waited for. */
  boolean isComplete();

  /**
   * Stores the record of an answer that is complete. May wait.
   *
   * @param whole the answer if it is no stream, else empty
   * @return what may leave now
   * @throws HistoryFailure.Invalid if it is not what a model server answers
   * @throws HistoryFailure.Unavailable if the history is away
   * @throws HistoryFailure.RunEnded if somebody else has ended the record
   * @throws NoAnswer if it is a stream without its last event
   */
  byte[] finish(byte[] whole);

  /** Stores that there is no answer, or not all of it. May wait. */
  void fail(ModelServerFailure failure);

  /** What ends a stream that has begun, and failed. */
  byte[] end(ModelServerFailure failure);
}
