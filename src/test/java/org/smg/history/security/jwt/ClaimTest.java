package org.smg.history.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimTest {

  private static final Map<String, Object> CLAIMS =
      Map.of(
          "tenant",
          "acme",
          "https://acme.example/roles",
          "by name",
          "realm_access",
          Map.of("roles", List.of("first", "second")),
          "a/b",
          Map.of("~", "escaped", "", "empty", "~1", "both"));

  @ParameterizedTest
  @CsvSource({
    "tenant, acme",
    "/tenant, acme",
    "https://acme.example/roles, by name",
    "/realm_access/roles/1, second",
    "/a~1b/~0, escaped",
    "/a~1b/, empty",
    "/a~1b/~01, both",
  })
  void aClaimIsFound(String claim, String value) {
    assertThat(Claim.of(claim).in(CLAIMS)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "/none",
        "realm_access/roles",
        "/tenant/0",
        "/realm_access/roles/2",
        "/realm_access/roles/01",
        "/realm_access/roles/-",
        "/realm_access/roles/-1",
        "/realm_access/roles/99999999999999999999",
        "/none/none/none",
        "/",
      })
  void whatIsNotThereIsNull(String claim) {
    assertThat(Claim.of(claim).in(CLAIMS)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a~", "/a~2b"})
  void whatNamesNoClaimIsRefused(String claim) {
    assertThatThrownBy(() -> Claim.of(claim)).isInstanceOf(IllegalArgumentException.class);
  }
}
