package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import java.sql.Connection;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.smg.history.model.HistoryFailure;

/** Runs the stores' work, and says what its failures mean. */
final class Database {

  /** Others are in the way for milliseconds; whoever loses this often is out of luck for now. */
  private static final int ATTEMPTS = 20;

  private final Supplier<EntityManagerFactory> factory;
  private final Dialect dialect;

  /**
   * @param factory asked for every piece of work; raises {@link HistoryFailure.Unavailable} while
   *     there is none
   */
  Database(Supplier<EntityManagerFactory> factory, Dialect dialect) {
    this.factory = factory;
    this.dialect = dialect;
  }

  /** Runs queries, each for itself. */
  <T> T read(Function<EntityManager, T> work) {
    return attempt(work, Optional::empty);
  }

  /** Runs a transaction. */
  <T> T write(Function<EntityManager, T> work) {
    return write(work, Optional::empty);
  }

  /**
   * Runs a transaction.
   *
   * @param found looks whether what another transaction has just stored under the same key is an
   *     answer already
   */
  <T> T write(Function<EntityManager, T> work, Supplier<Optional<T>> found) {
    return attempt(em -> inTransaction(em, work), found);
  }

  private <T> T attempt(Function<EntityManager, T> work, Supplier<Optional<T>> found) {
    RuntimeException last = null;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        return once(work);
      } catch (HistoryFailure failure) {
        throw failure;
      } catch (SchemaMismatch mismatch) {
        throw new HistoryFailure.Unavailable(mismatch.getMessage(), mismatch);
      } catch (RuntimeException failure) {
        last = failure;
      }
      switch (Faults.cure(last, dialect)) {
        case RETRY -> {}
        case LOOK_AGAIN -> {
          Optional<T> answer = found.get();
          if (answer.isPresent()) {
            return answer.get();
          }
        }
        case WAIT -> throw Faults.unavailable(last);
        case GRANT, NONE -> throw last;
      }
    }
    throw Faults.unavailable(last);
  }

  private <T> T once(Function<EntityManager, T> work) {
    // In Jakarta EE 9.1 it is no resource that a try could close.
    EntityManager em = factory.get().createEntityManager();
    try {
      return work.apply(em);
    } finally {
      em.close();
    }
  }

  private static <T> T inTransaction(EntityManager em, Function<EntityManager, T> work) {
    EntityTransaction transaction = em.getTransaction();
    transaction.begin();
    try {
      // Otherwise the provider begins at the first change, and reads before it elsewhere.
      em.unwrap(Connection.class);
      T result = work.apply(em);
      transaction.commit();
      return result;
    } finally {
      if (transaction.isActive()) {
        rollback(transaction);
      }
    }
  }

  private static void rollback(EntityTransaction transaction) {
    try {
      transaction.rollback();
    } catch (RuntimeException lost) {
      // The connection is gone and the transaction with it; why is being thrown already.
    }
  }
}
