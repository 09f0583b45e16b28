package org.smg.history.gateway;

/**
 * Has something done as soon as the JVM is told to exit: servers end their applications much later,
 * or not at all.
 */
final class ExitHook {

  private final Thread thread;

  /**
   * @param task the JVM waits for its end
   */
  ExitHook(Runnable task) {
    thread = new Thread(task, "history-exit");
  }

  void register() {
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    Runtime.getRuntime().addShutdownHook(thread);
  }

  /** To be called when the application ends, which the JVM would otherwise hold for ever. */
  void remove() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException exiting) {
      // It runs already.
    }
  }
}
