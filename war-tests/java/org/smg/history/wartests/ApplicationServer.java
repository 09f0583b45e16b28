package org.smg.history.wartests;

/**
 * A server that runs the built WAR on a free port of the loopback interface: what a test may know
 * that runs on every server.
 */
interface ApplicationServer extends AutoCloseable {

  /** Where the application is, without {@code /v1} and without a slash at the end. */
  String baseUrl();

  /** Sends raw requests to the server. */
  Http http();

  /** Everything that the server has logged since its last start. */
  String log();

  @Override
  void close();
}
