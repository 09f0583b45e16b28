package org.smg.history.storage.jpa.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the databases' errors mean. */
class ErrorKindTest {

  @ParameterizedTest
  @CsvSource({
    "1, KEY_VIOLATION",
    "2291, KEY_VIOLATION",
    "60, RETRYABLE",
    "8177, RETRYABLE",
    "1031, NOT_PERMITTED",
    "1950, NOT_PERMITTED",
    "904, PROGRAM_ERROR",
    "942, PROGRAM_ERROR",
    "1400, PROGRAM_ERROR",
    "12899, PROGRAM_ERROR",
    "2290, PROGRAM_ERROR",
    "18, BUSY",
    "54, BUSY",
    "30006, BUSY",
    "1536, BUSY",
    "1653, BUSY",
    "4031, BUSY",
    "12519, BUSY",
    "1017, UNAVAILABLE",
    "1033, UNAVAILABLE",
    "1089, UNAVAILABLE",
    "3113, UNAVAILABLE",
    "3114, UNAVAILABLE",
    "12514, UNAVAILABLE",
    "12541, UNAVAILABLE",
    "17002, UNAVAILABLE",
    "17410, UNAVAILABLE",
    "18714, UNAVAILABLE",
    "28000, UNAVAILABLE",
    "28759, UNAVAILABLE",
    "0, UNAVAILABLE"
  })
  void anErrorOfOracleIsToldByItsNumber(int number, ErrorKind kind) {
    assertThat(new OracleDialect().errorKind(new SQLException("", "72000", number)))
        .isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "23505, KEY_VIOLATION",
        "23503, KEY_VIOLATION",
        "40001, RETRYABLE",
        "40P01, RETRYABLE",
        "42501, NOT_PERMITTED",
        "42P01, PROGRAM_ERROR",
        "23502, PROGRAM_ERROR",
        "22021, PROGRAM_ERROR",
        "53100, BUSY",
        "53300, BUSY",
        "55P03, BUSY",
        "57014, BUSY",
        "57P01, UNAVAILABLE",
        "57P03, UNAVAILABLE",
        "08001, UNAVAILABLE",
        "08006, UNAVAILABLE",
        "28P01, UNAVAILABLE",
        "3D000, UNAVAILABLE",
        "XX000, UNAVAILABLE",
        "-, UNAVAILABLE"
      })
  void anErrorOfPostgresIsToldByItsState(String state, ErrorKind kind) {
    assertThat(new PostgresDialect().errorKind(new SQLException("", state))).isEqualTo(kind);
  }
}
