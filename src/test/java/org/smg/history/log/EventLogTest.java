package org.smg.history.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.smg.history.config.InvalidOptions;
import org.smg.history.config.Options;

class EventLogTest {

  private static final Logger LOGGER = Logger.getLogger(EventLogTest.class.getName());
  private static final Event EVENT = Event.of("fault", "It failed");

  @Test
  void textIsTheDefault() {
    try (Records records = Records.of(LOGGER)) {
      new EventLog(options(Map.of())).write(LOGGER, Level.INFO, EVENT);

      assertThat(records.messages()).containsExactly("It failed");
    }
  }

  @Test
  void theOptionMakesItJson() {
    try (Records records = Records.of(LOGGER)) {
      new EventLog(options(Map.of("history-log-format", "json")))
          .write(LOGGER, Level.WARNING, EVENT);

      assertThat(records.messages())
          .containsExactly("{\"event\":\"fault\",\"message\":\"It failed\"}");
      assertThat(records.all().get(0).getLevel()).isEqualTo(Level.WARNING);
    }
  }

  @Test
  void anotherFormatIsAFaultOfTheStart() {
    Options options = options(Map.of("history-log-format", "xml"));
    new EventLog(options);

    org.assertj.core.api.Assertions.assertThatThrownBy(options::check)
        .isInstanceOf(InvalidOptions.class)
        .hasMessage("history-log-format: 'xml' is unknown; allowed are text, json");
  }

  /** The server would take the class that calls the logger for the one that tells. */
  @Test
  void theRecordNamesTheClassThatTells() {
    try (Records records = Records.of(LOGGER)) {
      new EventLog(LogFormat.TEXT).write(LOGGER, Level.INFO, EVENT);

      assertThat(records.all().get(0).getSourceClassName()).isEqualTo(LOGGER.getName());
      assertThat(records.all().get(0).getLoggerName()).isEqualTo(LOGGER.getName());
    }
  }

  @Test
  void whatIsNotWantedIsNotWritten() {
    try (Records records = Records.of(LOGGER)) {
      LOGGER.setLevel(Level.INFO);
      new EventLog(LogFormat.TEXT).write(LOGGER, Level.FINE, EVENT);
      new EventLog(LogFormat.TEXT).write(LOGGER, Level.FINE, EVENT, new IllegalStateException());

      assertThat(records.all()).isEmpty();
    }
  }

  @Test
  void theLastLineIsPrintedWhereTheLoggersHaveNoHandlersLeft() {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Logger alone = Logger.getLogger("org.smg.history.log.alone");
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      alone.setUseParentHandlers(false);
      try (Records records = Records.of(alone)) {
        new EventLog(LogFormat.TEXT).writeLast(alone, Level.INFO, EVENT);
        assertThat(records.messages()).containsExactly("It failed");
      }
      assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();

      new EventLog(LogFormat.TEXT).writeLast(alone, Level.INFO, EVENT);

      assertThat(printed.toString(StandardCharsets.UTF_8).strip()).isEqualTo("It failed");
    } finally {
      System.setOut(before);
    }
  }

  @Test
  void asTextTheServerPrintsTheStackTraceWithoutWhatFollowsTheFirstLines() {
    Throwable failure = new IllegalStateException("a\nsecret", new RuntimeException("b\u001b"));
    try (Records records = Records.of(LOGGER)) {
      new EventLog(LogFormat.TEXT).write(LOGGER, Level.SEVERE, EVENT, failure);

      LogRecord told = records.all().get(0);
      StringWriter printed = new StringWriter();
      told.getThrown().printStackTrace(new PrintWriter(printed, true));
      assertThat(told.getMessage()).isEqualTo("It failed");
      assertThat(printed.toString())
          .startsWith("java.lang.IllegalStateException: a" + System.lineSeparator() + "\tat ")
          .contains("Caused by: java.lang.RuntimeException: b\\u001b")
          .doesNotContain("secret");
    }
  }

  @Test
  void asJsonTheServerPrintsNoStackTrace() {
    try (Records records = Records.of(LOGGER)) {
      new EventLog(LogFormat.JSON)
          .write(LOGGER, Level.SEVERE, EVENT, new IllegalStateException("a"));

      assertThat(records.all().get(0).getThrown()).isNull();
      assertThat(records.messages().get(0)).contains("\"stack\":\"java.lang.IllegalStateException");
    }
  }

  @Test
  void aFailureThatIsItsOwnCauseIsToldOnce() {
    Exception one = new Exception("one");
    one.initCause(new Exception("two", one));

    assertThat(LoggedFailure.of(one).trace()).containsOnlyOnce("one").containsOnlyOnce("two");
  }

  private static Options options(Map<String, String> values) {
    return new Options(name -> Optional.ofNullable(values.get(name)));
  }
}
