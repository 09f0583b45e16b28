package org.smg.history.storage.jpa.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.smg.history.storage.ConnectionUse;

class BorrowedConnectionsTest {

  private final BorrowedConnections borrowed = new BorrowedConnections(16);

  private void borrow() {
    try {
      borrowed.counted(() -> null);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anOperationHoldsOneConnectionFromTheFirstOnUntilItsEnd() {
    borrowed.within(
        () -> {
          assertThat(borrowed.use().active()).isZero();
          borrow();
          borrow();
          assertThat(borrowed.use().active()).isEqualTo(1);
          return null;
        });

    assertThat(borrowed.use().active()).isZero();
    assertThat(borrowed.use().max()).isEqualTo(16);
  }

  @Test
  void anOperationThatFailsHoldsNone() {
    assertThatThrownBy(
            () ->
                borrowed.within(
                    () -> {
                      borrow();
                      throw new IllegalStateException();
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(borrowed.use().active()).isZero();
  }

  /** The probe, which asks for the schema's version outside of any operation. */
  @Test
  void whatIsBorrowedOutsideOfOperationsIsNotHeld() {
    borrow();

    assertThat(borrowed.use().active()).isZero();
  }

  @Test
  void whatIsNotToBeHadIsRefused() {
    assertThatThrownBy(
            () ->
                borrowed.counted(
                    () -> {
                      throw new SQLException("the pool is empty");
                    }))
        .hasMessage("the pool is empty");

    ConnectionUse use = borrowed.use();
    assertThat(use.refused()).isEqualTo(1);
    assertThat(use.active()).isZero();
  }

  @Test
  void whatTakesTimeIsWaitedFor() throws SQLException {
    borrowed.counted(
        () -> {
          long end = System.nanoTime() + Duration.ofMillis(11).toNanos();
          while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
          }
          return null;
        });

    assertThat(borrowed.use().waited()).hasValue(1);
  }
}
