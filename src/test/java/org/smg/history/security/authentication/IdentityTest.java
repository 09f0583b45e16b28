package org.smg.history.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice",
        "auth0|5f7c8ec7c33c6c004bbafe82",
        "google-oauth2:103547991597142817347",
        "CN=Alice Smith, O=Acme",
        "ACME\\alice",
        "アリス",
        "a",
        "%2F",
      })
  void providersCallUsersSo(String name) {
    assertThat(Identity.isUser(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " alice",
        "alice ",
        "a\nb",
        "a\tb",
        "a\u0000b",
        "a\u00A0b",
        "a\u2028b",
        "a\u202Eb",
        "a\u200Bb",
        "a\uD800b",
        "alice\" of tenant",
      })
  void whatLooksLikeSomethingElseIsNoUser(String name) {
    assertThat(Identity.isUser(name)).isFalse();
  }

  @Test
  void namesAreBounded() {
    assertThat(Identity.isUser("a".repeat(255))).isTrue();
    assertThat(Identity.isUser("a".repeat(256))).isFalse();
    assertThat(Identity.isUser("a".repeat(1_000_000))).isFalse();
    assertThat(Identity.isTenant("a".repeat(255))).isTrue();
    assertThat(Identity.isTenant("a".repeat(256))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a/b", "a|b", "a:b", "é", "a\n", "*"})
  void tenantsHavePlainNames(String name) {
    assertThat(Identity.isTenant(name)).isFalse();
  }
}
