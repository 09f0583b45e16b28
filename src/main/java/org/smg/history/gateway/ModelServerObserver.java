package org.smg.history.gateway;

/** Is told of each request to the model server. Must be quick and never fail. */
public interface ModelServerObserver {

  /** A request is made; {@link #ended} follows. */
  void begun();

  /**
   * The body of its answer has begun.
   *
   * @param path of the request, below the model server's URL
   * @param nanos since it was made
   */
  void firstByte(String path, long nanos);

  /** The model server has refused it, with a status from 300 to 499. */
  void refused(int status);

  /** There is no answer, or it did not reach its caller or the history. */
  void failed(ModelServerFailure.Code code);

  /** Nothing of it is under way any more. */
  void ended();
}
