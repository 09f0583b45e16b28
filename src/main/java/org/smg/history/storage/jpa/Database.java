package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import java.sql.Connection;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.Availability;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.ErrorKind;
import org.smg.history.storage.jpa.dialect.SqlErrors;
import org.smg.history.storage.jpa.schema.SchemaMismatch;

/**
 * Runs the operations of the stores. One that lost against another transaction is run again, with
 * pauses; an outage becomes {@link HistoryFailure.Unavailable}; everything else is thrown as it is.
 */
final class Database {

  private final Supplier<EntityManagerFactory> factory;
  private final Dialect dialect;
  private final DatabaseHealth health;
  private final Availability availability;
  private final Supplier<Backoff> backoffs;

  /**
   * @param factory asked for every attempt; throws {@link HistoryFailure.Unavailable} while the
   *     database cannot be used
   * @param health told what every attempt says about the database
   * @param availability asked before every operation, and told of every outage
   * @param backoffs makes the pauses of one operation
   */
  Database(
      Supplier<EntityManagerFactory> factory,
      Dialect dialect,
      DatabaseHealth health,
      Availability availability,
      Supplier<Backoff> backoffs) {
    this.factory = factory;
    this.dialect = dialect;
    this.health = health;
    this.availability = availability;
    this.backoffs = backoffs;
  }

  /** Runs queries, each in a transaction of its own. */
  <T> T read(Function<EntityManager, T> queries) {
    return run(queries, Optional::empty);
  }

  /** Runs a transaction. */
  <T> T write(Function<EntityManager, T> transaction) {
    return write(transaction, Optional::empty);
  }

  /**
   * Runs a transaction.
   *
   * @param stored finds the result if another transaction has just stored it under the same key
   */
  <T> T write(Function<EntityManager, T> transaction, Supplier<Optional<T>> stored) {
    return run(em -> inTransaction(em, transaction), stored);
  }

  private <T> T run(Function<EntityManager, T> operation, Supplier<Optional<T>> stored) {
    availability.check();
    Backoff backoff = backoffs.get();
    while (true) {
      RuntimeException failure;
      try {
        return attempt(operation);
      } catch (HistoryFailure.Unavailable outage) {
        availability.suspect();
        throw outage;
      } catch (HistoryFailure known) {
        throw known;
      } catch (SchemaMismatch mismatch) {
        availability.suspect();
        throw new HistoryFailure.Unavailable(mismatch.getMessage(), mismatch);
      } catch (RuntimeException raised) {
        failure = raised;
      }
      ErrorKind kind = SqlErrors.kindOf(failure, dialect);
      switch (kind) {
        case RETRYABLE -> {}
        case KEY_VIOLATION -> {
          Optional<T> result = stored.get();
          if (result.isPresent()) {
            return result.get();
          }
        }
        case UNAVAILABLE -> {
          availability.suspect();
          throw SqlErrors.outage(failure, dialect);
        }
        case BUSY -> throw SqlErrors.outage(failure, dialect);
        case NOT_PERMITTED, PROGRAM_ERROR -> throw failure;
      }
      if (!backoff.pause()) {
        throw SqlErrors.outage(failure, dialect);
      }
    }
  }

  private <T> T attempt(Function<EntityManager, T> operation) {
    try {
      T result = withEntityManager(operation);
      health.answered();
      return result;
    } catch (HistoryFailure | SchemaMismatch known) {
      throw known;
    } catch (RuntimeException failure) {
      health.note(failure, dialect);
      throw failure;
    }
  }

  private <T> T withEntityManager(Function<EntityManager, T> operation) {
    // Not closed by try-with-resources: in Jakarta EE 9.1 it is not AutoCloseable.
    EntityManager em = factory.get().createEntityManager();
    try {
      return operation.apply(em);
    } finally {
      em.close();
    }
  }

  private static <T> T inTransaction(EntityManager em, Function<EntityManager, T> work) {
    EntityTransaction transaction = em.getTransaction();
    transaction.begin();
    try {
      // Takes the transaction's connection now. Otherwise EclipseLink does so at the first change,
      // and queries before it use other connections.
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
      // The connection is lost, and the database has rolled back; the first failure is thrown.
    }
  }
}
