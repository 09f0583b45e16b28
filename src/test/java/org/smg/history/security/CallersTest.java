package org.smg.history.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.log.EventLog;
import org.smg.history.log.LogFormat;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Scope;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.Role;

class CallersTest {

  private static final Scope TENANT = Scope.ofTenant("acme");
  private static final Scope OWN = new Scope("acme", "alice");

  @Test
  void aUserReachesWhatTheAccessSays() {
    assertThat(scope(Access.TENANT, Endpoint.GET_RESPONSE, null, Role.USER)).isEqualTo(TENANT);
    assertThat(scope(Access.OWN, Endpoint.GET_RESPONSE, null, Role.USER)).isEqualTo(OWN);
    assertThat(scope(Access.OWN, Endpoint.GET_RESPONSE, "a reason", Role.USER)).isEqualTo(OWN);
  }

  @Test
  void whoHasSeveralRolesHasTheFurthestReach() {
    assertThat(scope(Access.OWN, Endpoint.GET_RESPONSE, null, Role.USER, Role.REVIEWER))
        .isEqualTo(OWN);
    assertThat(scope(Access.OWN, Endpoint.GET_RESPONSE, "why", Role.USER, Role.REVIEWER))
        .isEqualTo(TENANT);
    assertThat(scope(Access.OWN, Endpoint.DELETE_RESPONSE, null, Role.USER, Role.ADMIN))
        .isEqualTo(TENANT);
    assertThat(scope(Access.OWN, Endpoint.GET_RESPONSE, null, Role.USER, Role.ADMIN))
        .isEqualTo(OWN);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void whatHasNoContentNeedsNoReason(Role role) {
    assertThatCode(() -> scope(Access.OWN, Endpoint.GET_DESCRIPTION, null, role))
        .doesNotThrowAnyException();
  }

  @Test
  void aReviewNeedsAReason() {
    assertThatThrownBy(() -> scope(Access.TENANT, Endpoint.GET_RESPONSE, null, Role.REVIEWER))
        .isInstanceOfSatisfying(
            HistoryFailure.Invalid.class,
            refused -> assertThat(refused.param()).isEqualTo("X-Access-Reason"));
  }

  @Test
  void aRoleThatMayNotIsToldWhichOneMay() {
    assertThatThrownBy(() -> scope(Access.TENANT, Endpoint.DELETE_ITEM, "why", Role.REVIEWER))
        .isInstanceOf(HistoryFailure.Forbidden.class)
        .hasMessage(
            "Your roles do not allow DELETE /v1/conversations/{conversation_id}/items/{item_id}."
                + " Expected one of: history-user, history-admin.");
  }

  @ParameterizedTest
  @CsvSource({
    "complaint 4711,complaint 4711",
    "Beschwerde%20%C3%BCber%20Antwort,Beschwerde über Antwort",
    "1+1%3D2,1+1=2",
    "a%0D%0ASEVERE: forged,a??SEVERE: forged",
    "a%E2%80%AEb%E2%80%A8c,a?b?c"
  })
  void aReasonIsDecodedAndStaysOnItsLine(String sent, String text) {
    assertThat(AccessReason.of(sent).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "%20", "%", "%zz", "%FF", "%C3", "é"})
  void aReasonThatSaysNothingIsRefused(String sent) {
    assertThatThrownBy(() -> AccessReason.of(sent)).isInstanceOf(HistoryFailure.Invalid.class);
  }

  @Test
  void aReasonIsNotLong() {
    assertThat(AccessReason.of("x".repeat(500)).text()).hasSize(500);
    assertThatThrownBy(() -> AccessReason.of("x".repeat(501)))
        .isInstanceOf(HistoryFailure.Invalid.class);
  }

  private static Scope scope(Access access, Endpoint endpoint, String reason, Role... roles) {
    return new Callers(
            new Identity("acme", "alice", Set.of(roles)), access, new EventLog(LogFormat.TEXT))
        .of(endpoint, reason, review -> review)
        .scope();
  }
}
