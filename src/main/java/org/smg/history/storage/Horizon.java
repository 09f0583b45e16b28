package org.smg.history.storage;

/**
 * From when on stored history is there. What is older is due: no operation of a store finds it,
 * whether or not it has been removed already. Asked anew by each operation, since time goes on.
 */
public interface Horizon {

  /** Everything is there for ever. */
  Horizon NONE =
      new Horizon() {
        @Override
        public long conversations() {
          return Long.MIN_VALUE;
        }

        @Override
        public long responses() {
          return Long.MIN_VALUE;
        }
      };

  /**
   * A conversation is there if its last update is not before this time.
   *
   * @return microseconds since 1970; {@link Long#MIN_VALUE} where conversations are kept for ever
   */
  long conversations();

  /**
   * A response, and its feedback, is there if it was not recorded before this time.
   *
   * @return microseconds since 1970; {@link Long#MIN_VALUE} where responses are kept for ever
   */
  long responses();
}
