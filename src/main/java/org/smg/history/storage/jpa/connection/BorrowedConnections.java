package org.smg.history.storage.jpa.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.smg.history.storage.ConnectionUse;

/**
 * Counts the connections that operations hold, where they are borrowed from the container's pool,
 * which has no figures that all servers would show alike. An operation counts as holding a
 * connection from when it got its first one until its end: the persistence provider takes and
 * returns them by itself, on the operation's thread.
 */
public final class BorrowedConnections {

  /** A free connection is there sooner, even if the pool asks the database whether it works. */
  private static final long AT_ONCE = TimeUnit.MILLISECONDS.toNanos(10);

  /** How a connection is taken from the pool. */
  interface Borrowing {
    Connection borrow() throws SQLException;
  }

  private final int max;
  private final ThreadLocal<Boolean> holds = new ThreadLocal<>();
  private final LongAdder active = new LongAdder();
  private final LongAdder waited = new LongAdder();
  private final LongAdder refused = new LongAdder();

  /**
   * @param max how many the pool has at most
   */
  public BorrowedConnections(int max) {
    this.max = max;
  }

  /** Carries out an operation; its connections count. */
  public <T> T within(Supplier<T> operation) {
    holds.set(Boolean.FALSE);
    try {
      return operation.get();
    } finally {
      if (Boolean.TRUE.equals(holds.get())) {
        active.decrement();
      }
      holds.remove();
    }
  }

  Connection counted(Borrowing pool) throws SQLException {
    long begin = System.nanoTime();
    Connection connection;
    try {
      connection = pool.borrow();
    } catch (SQLException | RuntimeException failure) {
      refused.increment();
      throw failure;
    }
    if (System.nanoTime() - begin >= AT_ONCE) {
      waited.increment();
    }
    if (Boolean.FALSE.equals(holds.get())) {
      holds.set(Boolean.TRUE);
      active.increment();
    }
    return connection;
  }

  public ConnectionUse use() {
    return new ConnectionUse(
        active.sum(),
        max,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.of(waited.sum()),
        refused.sum());
  }
}
