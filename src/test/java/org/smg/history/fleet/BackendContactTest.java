package org.smg.history.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BackendContactTest {

  private final BackendContact contact = new BackendContact();

  /** Near the end of the scale, as nanoTime may be. */
  private static long second(long second) {
    return Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(20) + TimeUnit.SECONDS.toNanos(second);
  }

  private void renew(long begin, long end) {
    assertThat(contact.beginRenewal(second(begin))).isTrue();
    contact.renewed(second(begin), second(end));
  }

  private boolean isSteady(long at) {
    return contact.isSteady(second(at));
  }

  private void renewEveryFiveSeconds(long from, long to) {
    for (long second = from; second <= to; second += 5) {
      renew(second, second);
    }
  }

  @Test
  void aLeaseIsRenewedEveryFiveSeconds() {
    renew(0, 0);

    assertThat(contact.beginRenewal(second(4))).isFalse();
    assertThat(contact.beginRenewal(second(5))).isTrue();
  }

  @Test
  void aRenewalThatFailsIsMadeAgainAtOnce() {
    assertThat(contact.beginRenewal(second(0))).isTrue();
    contact.failed(second(0));

    assertThat(contact.beginRenewal(second(1))).isTrue();
    assertThat(contact.beginRenewal(second(2))).isFalse();
  }

  @Test
  void renewalsThatHangHoldUpOthersOnlyWhenThereAreThree() {
    assertThat(contact.beginRenewal(second(0))).isTrue();
    assertThat(contact.beginRenewal(second(5))).isTrue();
    assertThat(contact.beginRenewal(second(10))).isTrue();
    assertThat(contact.beginRenewal(second(15))).isFalse();

    contact.renewed(second(5), second(16));

    assertThat(contact.beginRenewal(second(16))).isTrue();
  }

  @Test
  void contactIsSteadyAfterFifteenSeconds() {
    renewEveryFiveSeconds(0, 15);

    assertThat(isSteady(14)).isFalse();
    assertThat(isSteady(15)).isTrue();
  }

  @Test
  void contactIsNotSteadyBeforeTheFirstRenewal() {
    assertThat(isSteady(100)).isFalse();
  }

  @Test
  void aFailureBeginsTheTimeAnew() {
    renewEveryFiveSeconds(0, 15);
    assertThat(contact.beginRenewal(second(20))).isTrue();
    contact.failed(second(20));
    assertThat(isSteady(20)).isFalse();

    renewEveryFiveSeconds(21, 31);
    assertThat(isSteady(35)).isFalse();
    renew(36, 36);
    assertThat(isSteady(36)).isTrue();
  }

  @Test
  void whatElseFailsBeginsTheTimeAnew() {
    renewEveryFiveSeconds(0, 15);

    contact.lost();

    assertThat(isSteady(15)).isFalse();
  }

  @Test
  void aCallThatTakesLongBeginsTheTimeAnew() {
    renewEveryFiveSeconds(0, 15);
    assertThat(contact.beginRenewal(second(20))).isTrue();
    assertThat(isSteady(25)).isTrue();
    assertThat(isSteady(26)).isFalse();
    renew(25, 25);
    contact.renewed(second(20), second(26));

    renewEveryFiveSeconds(30, 40);
    assertThat(isSteady(40)).isFalse();
    assertThat(isSteady(41)).isTrue();
  }

  @Test
  void aGapBeginsTheTimeAnew() {
    renewEveryFiveSeconds(0, 20);
    assertThat(isSteady(30)).isTrue();
    assertThat(isSteady(31)).isFalse();

    renew(31, 31);

    assertThat(isSteady(31)).isFalse();
  }
}
