package org.smg.history.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Listens to a logger. */
public final class Records implements AutoCloseable {

  private final Logger logger;
  private final Level level;
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord told) {
          records.add(told);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private Records(Logger logger) {
    this.logger = logger;
    this.level = logger.getLevel();
  }

  public static Records of(Logger logger) {
    Records records = new Records(logger);
    logger.addHandler(records.handler);
    return records;
  }

  public List<LogRecord> all() {
    return List.copyOf(records);
  }

  public List<String> messages() {
    return records.stream().map(LogRecord::getMessage).toList();
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
    logger.setLevel(level);
  }
}
