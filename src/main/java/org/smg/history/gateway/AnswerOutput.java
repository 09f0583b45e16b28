package org.smg.history.gateway;

import java.util.List;

/**
 * The caller's side of an exchange. Nothing here waits for the caller: what is sent is kept until
 * it has been taken. Once the caller has hung up, what is sent counts as taken.
 */
public interface AnswerOutput {

  /**
   * To be called once, before anything else.
   *
   * @param whenEnded called once: everything has been taken, or the caller has hung up
   */
  void begin(Runnable whenEnded);

  /** Answers with a body that is there as a whole, and ends. */
  void answer(int status, List<ModelRequest.Header> headers, byte[] body);

  /** Answers that the model server failed, and ends. For answers that have not begun. */
  void refuse(ModelServerFailure failure);

  /** Begins a stream of events. While nothing is sent, comments keep the connection open. */
  void stream(int status, List<ModelRequest.Header> headers);

  /**
   * Sends a part of the stream at once.
   *
   * @param whenTaken called once, when more can be sent
   */
  void send(byte[] part, Runnable whenTaken);

  /** Ends the stream. */
  void end();

  /**
   * Looks whether the caller has stopped reading, and whether a comment is due. To be called from
   * time to time; does not wait.
   */
  void check(long nanoTime);

  /** Is told, once, that the model server's side has ended, too: nothing is under way any more. */
  default void closed() {}

  /** Ends at once, since the service is being stopped. */
  void abort();
}
