package org.smg.history.security.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3,10.1.2.3,true",
    "10.1.2.3,10.1.2.4,false",
    "10.0.0.0/8,10.255.255.255,true",
    "10.0.0.0/8,11.0.0.0,false",
    "192.168.4.0/22,192.168.7.255,true",
    "192.168.4.0/22,192.168.8.0,false",
    "128.0.0.0/1,255.255.255.255,true",
    "128.0.0.0/1,127.255.255.255,false",
    "10.1.2.3/32,10.1.2.3,true",
    "::1,0:0:0:0:0:0:0:1,true",
    "::1,::1%lo,true",
    "::1,127.0.0.1,false",
    "fe80::/10,fe80:0:0:0:1:2:3:4%2,true",
    "fd00::/8,fdff::1,true",
    "fd00::/8,fe00::1,false",
    // IPv4 within IPv6, as a socket for both of them tells it.
    "10.0.0.0/8,::ffff:10.1.2.3,true",
    "10.0.0.0/8,0:0:0:0:0:ffff:a01:203,true",
    "::ffff:10.1.2.3,10.1.2.3,true",
    "10.0.0.0/8,::10.1.2.3,false",
  })
  void anAddressIsInsideOrOutside(String range, String address, boolean inside) {
    assertThat(AddressRange.address(address))
        .hasValueSatisfying(
            found -> assertThat(AddressRange.of(range).contains(found)).isEqualTo(inside));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unknown",
        "localhost",
        "abc",
        "1",
        "10.1",
        "10.1.2.256",
        "10.1.2.3:80",
        "%lo"
      })
  void whatIsNoAddressIsNotLookedUp(String text) {
    assertThat(AddressRange.address(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "proxy.example",
        "cafe",
        "10.0.0",
        "10.0.0.0/",
        "10.0.0.0/0",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        "10.1.2.3/8",
        "fd00::/129",
        "fd00::1/64",
        "0.0.0.0/0",
        "::/0",
        "::ffff:10.0.0.0/104",
        "1:2",
      })
  void aRangeThatCannotBeUsedIsRefused(String text) {
    assertThatThrownBy(() -> AddressRange.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("has no address or range");
  }
}
