package org.smg.history.api.filter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentEncodingTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/v1/a;b", "a=b&c=d+e", "%20%7f%00", "%e4%bd%a0", "%F0%9F%98%80", "\"<>[]{}|"})
  void utf8IsProper(String sent) {
    assertThat(PercentEncoding.isProper(sent)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "%2",
        "a%",
        "%g0",
        "%0g",
        "%\uff11\uff11",
        "%ff",
        "%e4%bd",
        "%e4b",
        "%c0%af",
        "%ed%a0%80",
        "\u00e4",
        "a b",
        "a\tb",
        "a\u007fb"
      })
  void whatIsNoUtf8OrNoAsciiIsNot(String sent) {
    assertThat(PercentEncoding.isProper(sent)).isFalse();
  }

  @Test
  void aPathKeepsWhatRfc3986AllowsButTheSemicolon() {
    String plain = "/v1/AZaz09-._~!$&'()*+,=:@%3B";

    assertThat(PercentEncoding.escapePath(plain)).isSameAs(plain);
    assertThat(PercentEncoding.escapePath("/a;b\"[]?|")).isEqualTo("/a%3Bb%22%5B%5D%3F%7C");
  }

  @Test
  void aQueryKeepsWhatRfc3986Allows() {
    assertThat(PercentEncoding.escapeQuery("a=b;c&d[e]=/?\\")).isEqualTo("a=b;c&d%5Be%5D=/?%5C");
  }
}
