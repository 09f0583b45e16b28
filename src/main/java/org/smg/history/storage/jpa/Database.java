package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.Availability;
import org.smg.history.storage.jpa.connection.BorrowedConnections;
import org.smg.history.storage.jpa.connection.RowSecurity;
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
  private final RowSecurity rowSecurity;
  private final BorrowedConnections borrowed;
  private final DatabaseHealth health;
  private final Availability availability;
  private final Supplier<Backoff> backoffs;

  /**
   * @param factory asked for every attempt; throws {@link HistoryFailure.Unavailable} while the
   *     database cannot be used
   * @param rowSecurity told for which tenant every operation is
   * @param borrowed told of every operation, whose connections it counts
   * @param health told what every attempt says about the database
   * @param availability asked before every operation, and told of every outage
   * @param backoffs makes the pauses of one operation
   */
  Database(
      Supplier<EntityManagerFactory> factory,
      Dialect dialect,
      RowSecurity rowSecurity,
      BorrowedConnections borrowed,
      DatabaseHealth health,
      Availability availability,
      Supplier<Backoff> backoffs) {
    this.factory = factory;
    this.dialect = dialect;
    this.rowSecurity = rowSecurity;
    this.borrowed = borrowed;
    this.health = health;
    this.availability = availability;
    this.backoffs = backoffs;
  }

  /** Runs queries about a tenant, each in a transaction of its own. */
  <T> T read(String tenant, Function<EntityManager, T> queries) {
    return repeat(tenant, opened -> withEntityManager(opened, queries), Optional::empty);
  }

  /** What is done on a connection that commits each statement. */
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /** Runs a tenant's statements that the dialect keeps together, without a transaction. */
  <T> T execute(String tenant, Work<T> work) {
    return execute(tenant, work, Optional::empty);
  }

  /**
   * Runs a tenant's statements that the dialect keeps together, without a transaction around them.
   *
   * @param stored finds the result if another transaction has just stored it under the same key
   */
  <T> T execute(String tenant, Work<T> work, Supplier<Optional<T>> stored) {
    return repeat(tenant, opened -> onConnection(opened, tenant, work), stored);
  }

  /** Runs statements about no tenant in particular, on tables without content. */
  <T> T executeForNoTenant(Work<T> work) {
    return execute(null, work);
  }

  private <T> T repeat(
      String tenant, Function<EntityManagerFactory, T> operation, Supplier<Optional<T>> stored) {
    availability.check();
    Backoff backoff = backoffs.get();
    while (true) {
      RuntimeException failure;
      try {
        return attempt(tenant, operation);
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

  private <T> T attempt(String tenant, Function<EntityManagerFactory, T> operation) {
    try {
      EntityManagerFactory opened = factory.get();
      T result = rowSecurity.within(tenant, () -> borrowed.within(() -> operation.apply(opened)));
      health.answered();
      return result;
    } catch (HistoryFailure | SchemaMismatch known) {
      throw known;
    } catch (RuntimeException failure) {
      health.note(failure, dialect);
      throw failure;
    }
  }

  private <T> T onConnection(EntityManagerFactory opened, String tenant, Work<T> work) {
    DataSource source =
        (DataSource) opened.getProperties().get(LazyEntityManagerFactory.DATA_SOURCE);
    try (Connection connection = source.getConnection()) {
      if (tenant != null) {
        rowSecurity.register(connection, tenant);
      }
      return work.run(connection);
    } catch (SQLException e) {
      throw new PersistenceException(e);
    }
  }

  private static <T> T withEntityManager(
      EntityManagerFactory opened, Function<EntityManager, T> operation) {
    // Not closed by try-with-resources: in Jakarta EE 9.1 it is not AutoCloseable.
    EntityManager em = opened.createEntityManager();
    try {
      return operation.apply(em);
    } finally {
      em.close();
    }
  }
}
