package org.smg.history.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String VALID = "00-" + TRACE + "-00f067aa0ba902b7-01";

  @ParameterizedTest
  @ValueSource(
      strings = {
        VALID,
        "00-" + TRACE + "-00f067aa0ba902b7-00",
        // A later version may have more, and is read as far as it is known.
        "01-" + TRACE + "-00f067aa0ba902b7-01",
        "cc-" + TRACE + "-00f067aa0ba902b7-01-what-the-future-brings"
      })
  void theTraceIdIsRead(String header) {
    assertThat(TraceParent.traceId(header)).contains(TRACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        TRACE,
        "ff-" + TRACE + "-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-" + TRACE + "-00f067aa0ba902b7",
        "00-" + TRACE + "-00f067aa0ba902b7-1",
        "00-" + TRACE + "-00f067aa0ba902b7-01-more",
        "01-" + TRACE + "-00f067aa0ba902b7-01more",
        "00-" + TRACE + "-00f067aa0ba902b7-01\n",
        " " + VALID,
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        "0-" + TRACE + "-00f067aa0ba902b7-01"
      })
  void whatIsNotOfTheStandardNamesNoTrace(String header) {
    assertThat(TraceParent.traceId(header)).isEmpty();
  }
}
