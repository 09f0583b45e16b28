package org.smg.history.gateway;

import java.net.http.HttpHeaders;

/**
 * Gets a model server's answer as it arrives. Called by one thread at a time; must not wait. After
 * {@link #end} or {@link #failed} nothing comes.
 */
interface AnswerReceiver {

  /**
   * The answer begins.
   *
   * @param call to be told when more can be taken, or that it is no longer wanted
   */
  void begin(ModelCall call, int status, HttpHeaders headers);

  /** More of the body. The next part comes after {@link ModelCall#more}. */
  void body(byte[] bytes);

  /** The body is complete. */
  void end();

  /** There is no answer, or no more of it. */
  void failed(ModelServerFailure failure);
}
