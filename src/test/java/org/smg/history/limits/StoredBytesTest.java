package org.smg.history.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.config.InvalidOptions;
import org.smg.history.config.Options;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Scope;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.ByteSums;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.memory.MemoryStorage;

class StoredBytesTest {

  private static final long MEGABYTE = 1_048_576;
  private static final Scope ACME = Scope.ofTenant("acme");
  private static final Scope KEY = new Scope("acme", null, "key");

  private final ByteSums sums =
      new MemoryStorage(new Options(option -> Optional.empty()), ByteMeter.NONE, Horizon.NONE)
          .byteSums();
  private final StoredBytes one = new StoredBytes(2);
  private final StoredBytes other = new StoredBytes(2);

  private static StorageAllowance of(StoredBytes server, String tenant) {
    return server.ofTenant(tenant).orElseThrow();
  }

  @Test
  void whatAServerCountsItselfCountsAtOnce() {
    assertThat(of(one, "acme")).isEqualTo(new StorageAllowance(true, 2 * MEGABYTE, 2 * MEGABYTE));

    one.changed(ACME, 2 * MEGABYTE - 1);
    assertThat(of(one, "acme")).isEqualTo(new StorageAllowance(true, 2 * MEGABYTE, 1));

    one.changed(ACME, 5);
    assertThat(of(one, "acme")).isEqualTo(new StorageAllowance(false, 2 * MEGABYTE, 0));
    assertThat(of(one, "globex").remaining()).isEqualTo(2 * MEGABYTE);

    one.changed(ACME, -100);
    assertThat(of(one, "acme")).isEqualTo(new StorageAllowance(true, 2 * MEGABYTE, 96));
  }

  @Test
  void serversTellEachOther() {
    of(other, "acme");
    one.changed(ACME, 3 * MEGABYTE);

    one.exchange(sums);
    assertThat(of(one, "acme").allowed()).isFalse();
    assertThat(of(other, "acme").allowed()).isTrue();
    other.exchange(sums);
    assertThat(of(other, "acme").allowed()).isFalse();

    other.changed(ACME, -2 * MEGABYTE);
    other.exchange(sums);
    one.exchange(sums);
    assertThat(of(one, "acme").remaining()).isEqualTo(MEGABYTE);
    assertThat(of(other, "acme").remaining()).isEqualTo(MEGABYTE);
    assertThat(sums.sums("acme")).isEqualTo(Map.of(ByteSums.WHOLE_TENANT, MEGABYTE));
  }

  /** Whoever is not asked for and writes nothing costs nothing. */
  @Test
  void onlyThoseWhoWereHereLatelyAreExchanged() {
    one.changed(ACME, 1);
    one.exchange(sums);
    sums.add("acme", Map.of(ByteSums.WHOLE_TENANT, 4 * MEGABYTE));

    one.exchange(
        new ByteSums() {
          @Override
          public void add(String tenant, Map<String, Long> changes) {
            throw new AssertionError(tenant);
          }

          @Override
          public Map<String, Long> sums(String tenant) {
            throw new AssertionError(tenant);
          }
        });

    assertThat(of(one, "acme").allowed()).isTrue();
    one.exchange(sums);
    assertThat(of(one, "acme").allowed()).isFalse();
  }

  @Test
  void whatCouldNotBeExchangedIsKept() {
    one.changed(ACME, MEGABYTE);

    assertThatThrownBy(
            () ->
                one.exchange(
                    new ByteSums() {
                      @Override
                      public void add(String tenant, Map<String, Long> changes) {
                        throw new HistoryFailure.Unavailable("away", null);
                      }

                      @Override
                      public Map<String, Long> sums(String tenant) {
                        return Map.of();
                      }
                    }))
        .isInstanceOf(HistoryFailure.Unavailable.class);
    assertThat(of(one, "acme").remaining()).isEqualTo(MEGABYTE);

    one.exchange(sums);
    assertThat(sums.sums("acme")).isEqualTo(Map.of(ByteSums.WHOLE_TENANT, MEGABYTE));
  }

  /** Counted twice, it would refuse a tenant for ever. */
  @Test
  void whatWasAddedIsNotAddedAgainWhenTheSumsCannotBeRead() {
    one.changed(ACME, MEGABYTE);

    assertThatThrownBy(
            () ->
                one.exchange(
                    new ByteSums() {
                      @Override
                      public void add(String tenant, Map<String, Long> changes) {
                        sums.add(tenant, changes);
                      }

                      @Override
                      public Map<String, Long> sums(String tenant) {
                        throw new HistoryFailure.Unavailable("away", null);
                      }
                    }))
        .isInstanceOf(HistoryFailure.Unavailable.class);
    assertThat(of(one, "acme").remaining()).isEqualTo(MEGABYTE);

    one.exchange(sums);
    assertThat(sums.sums("acme")).isEqualTo(Map.of(ByteSums.WHOLE_TENANT, MEGABYTE));
  }

  @Test
  void aKeyHasALimitBesideThatOfItsTenant() {
    one.changed(KEY, MEGABYTE);

    assertThat(one.ofKey("acme", "key", 1).allowed()).isFalse();
    assertThat(one.ofKey("acme", "another", 1).allowed()).isTrue();
    assertThat(one.ofKey("globex", "key", 1).allowed()).isTrue();
    assertThat(of(one, "acme").remaining()).isEqualTo(MEGABYTE);

    one.exchange(sums);
    assertThat(sums.sums("acme"))
        .isEqualTo(Map.of(ByteSums.WHOLE_TENANT, MEGABYTE, "key", MEGABYTE));
  }

  @Test
  void withoutALimitOfTenantsOnlyKeysThatHaveOneAreCounted() {
    StoredBytes keysAlone = new StoredBytes(0);
    assertThat(keysAlone.counts(ACME)).isFalse();
    assertThat(keysAlone.counts(KEY)).isTrue();

    keysAlone.changed(KEY, 7);

    assertThat(keysAlone.ofTenant("acme")).isEmpty();
    keysAlone.exchange(sums);
    assertThat(sums.sums("acme")).isEqualTo(Map.of("key", 7L));
  }

  /** As after deletes of what was stored before there was a limit. */
  @Test
  void nobodyMayStoreMoreThanTheLimit() {
    one.changed(ACME, -5);

    assertThat(of(one, "acme")).isEqualTo(new StorageAllowance(true, 2 * MEGABYTE, 2 * MEGABYTE));
  }

  @Test
  void namesThatNobodyUsesAreForgottenWhenThereAreTooMany() {
    for (int i = 0; i <= StoredBytes.MAX_NAMES; i++) {
      of(one, "tenant-" + i);
    }
    one.changed(Scope.ofTenant("busy"), 5);
    one.exchange(sums);
    assertThat(one.size()).isZero();

    of(one, "busy");
    one.exchange(sums);
    assertThat(of(one, "busy").remaining()).isEqualTo(2 * MEGABYTE - 5);
  }

  @Test
  void manyThatWriteAtOnceAreAllCounted() throws InterruptedException {
    Thread[] writers = new Thread[4];
    for (int i = 0; i < writers.length; i++) {
      writers[i] =
          new Thread(
              () -> {
                for (int j = 0; j < 1_000; j++) {
                  one.changed(KEY, 1);
                }
              });
      writers[i].start();
    }
    for (Thread writer : writers) {
      while (writer.isAlive()) {
        one.exchange(sums);
      }
      writer.join();
    }
    one.exchange(sums);

    assertThat(sums.sums("acme")).isEqualTo(Map.of(ByteSums.WHOLE_TENANT, 4_000L, "key", 4_000L));
    assertThat(of(one, "acme").remaining()).isEqualTo(2 * MEGABYTE - 4_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "10000000", "1.5", "many"})
  void aLimitThatIsNoneIsRefused(String value) {
    Map<String, String> set = Map.of("history-limit-stored-megabytes", value);
    Options options = new Options(name -> Optional.ofNullable(set.get(name)));

    new StoredBytes.Selection().selected(options);

    assertThatThrownBy(options::check)
        .isInstanceOf(InvalidOptions.class)
        .hasMessage(
            "history-limit-stored-megabytes: '%s' is not a whole number from 0 to 9999999", value);
  }
}
