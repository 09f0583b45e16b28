package org.smg.history.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.smg.history.limits.OpenStreams.Place;

class OpenStreamsTest {

  @Test
  void aTenantHasItsPlacesAndNoMore() {
    OpenStreams streams = new OpenStreams(2);

    Place first = streams.takeOfTenant("acme").orElseThrow();
    streams.takeOfTenant("acme").orElseThrow();
    assertThat(streams.takeOfTenant("acme")).isEmpty();
    assertThat(streams.takeOfTenant("globex")).isPresent();

    first.giveBack();
    assertThat(streams.takeOfTenant("acme")).isPresent();
    assertThat(streams.takeOfTenant("acme")).isEmpty();
  }

  @Test
  void aPlaceIsGivenBackOnce() {
    OpenStreams streams = new OpenStreams(2);
    Place first = streams.takeOfTenant("acme").orElseThrow();
    streams.takeOfTenant("acme").orElseThrow();

    first.giveBack();
    first.giveBack();

    assertThat(streams.size()).isEqualTo(1);
  }

  @Test
  void aKeyIsNoTenantAndItsLimitMayChange() {
    OpenStreams streams = new OpenStreams(1);
    streams.takeOfTenant("k").orElseThrow();

    assertThat(streams.takeOfKey("k", 1)).isPresent();
    assertThat(streams.takeOfKey("k", 1)).isEmpty();
    assertThat(streams.takeOfKey("k", 2)).isPresent();
    assertThat(streams.takeOfKey("k", 1)).isEmpty();
  }

  @Test
  void withoutALimitAnyNumberIsAllowed() {
    OpenStreams streams = new OpenStreams(0);

    for (int i = 0; i < 1_000; i++) {
      assertThat(streams.takeOfTenant("acme")).isPresent();
    }

    assertThat(streams.size()).isEqualTo(1_000);
  }

  @Test
  void callersAtOnceGetNoMoreThanThereAre() throws Exception {
    int threads = 8;
    OpenStreams streams = new OpenStreams(100);
    CountDownLatch begin = new CountDownLatch(1);
    ExecutorService callers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<List<Place>>> taken = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        taken.add(
            callers.submit(
                () -> {
                  begin.await();
                  List<Place> places = new ArrayList<>();
                  for (int n = 0; n < 50; n++) {
                    Optional<Place> place = streams.takeOfTenant("acme");
                    place.ifPresent(places::add);
                  }
                  return places;
                }));
      }
      begin.countDown();
      List<Place> all = new ArrayList<>();
      for (Future<List<Place>> places : taken) {
        all.addAll(places.get());
      }

      assertThat(all).hasSize(100);
      all.forEach(Place::giveBack);
      assertThat(streams.size()).isZero();
    } finally {
      callers.shutdownNow();
    }
  }
}
