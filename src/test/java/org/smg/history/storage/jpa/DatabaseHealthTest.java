package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.PostgresDialect;
import org.smg.postgres.UrlDataSource;

class DatabaseHealthTest {

  private static final Dialect DIALECT = new PostgresDialect();

  private long now = -5;
  private final DatabaseHealth health = new DatabaseHealth(() -> now);

  @Test
  void aDatabaseThatNeverAnsweredDoesNotAnswerLately() {
    assertThat(health.answersLately()).isFalse();
  }

  @Test
  void anAnswerCountsForLongerThanDriversWaitForOne() {
    health.answered();

    now += Duration.ofSeconds(14).toNanos();
    assertThat(health.answersLately()).isTrue();

    now += Duration.ofSeconds(1).toNanos();
    assertThat(health.answersLately()).isFalse();
  }

  @Test
  void aPoolWithoutAFreeConnectionSaysNothingAboutTheDatabase() {
    health.answered();

    health.note(new SQLTransientConnectionException("all connections are in use"), DIALECT);

    assertThat(health.answersLately()).isTrue();
  }

  @Test
  void aFailureOfTheDriverIsNewerThanAnAnswer() throws SQLException {
    health.answered();
    UrlDataSource source = new UrlDataSource();
    source.setUrl("postgres://localhost:1/db");

    health.note(catchThrowable(source::getConnection), DIALECT);

    assertThat(health.answersLately()).isFalse();
    health.answered();
    assertThat(health.answersLately()).isTrue();
  }
}
