package org.smg.history.storage.redis.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.smg.Credentials;
import redis.clients.jedis.HostAndPort;

class RedisUrlTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      value = {
        "redis://localhost                     | SERVER   | false | -   | -     | localhost:6379        | 0 | -",
        "redis://10.0.0.1:6380/3               | SERVER   | false | -   | -     | 10.0.0.1:6380         | 3 | -",
        "redis://:s%40c%3Aret+1@h              | SERVER   | false | -   | s@c:ret+1 | h:6379            | 0 | -",
        "redis://bob:a:b@h/                    | SERVER   | false | bob | a:b   | h:6379                | 0 | -",
        "redis://bob:p@ss@h                    | SERVER   | false | bob | p@ss  | h:6379                | 0 | -",
        "rediss://bob:pw@h:7000                | SERVER   | true  | bob | pw    | h:7000                | 0 | -",
        "redis://[::1]:7000                    | SERVER   | false | -   | -     | ::1:7000              | 0 | -",
        "redis://a:1,b,c:3                     | CLUSTER  | false | -   | -     | a:1 b:6379 c:3        | 0 | -",
        "rediss+cluster://:pw@a                | CLUSTER  | true  | -   | pw    | a:6379                | 0 | -",
        "redis+sentinel://a,b:5/mymaster       | SENTINEL | false | -   | -     | a:26379 b:5           | 0 | mymaster",
        "rediss+sentinel://u:pw@a/mymaster/2   | SENTINEL | true  | u   | pw    | a:26379               | 2 | mymaster",
      })
  void everyFormIsRead(
      String text,
      RedisUrl.Form form,
      boolean tls,
      String user,
      String password,
      String hosts,
      int database,
      String master) {
    RedisUrl url = RedisUrl.of(text);

    assertThat(url)
        .isEqualTo(
            new RedisUrl(
                form,
                tls,
                user,
                password,
                List.of(hosts.split(" ")).stream().map(HostAndPort::from).toList(),
                database,
                master));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                              | is missing",
        "localhost:6379                  | is not a URL",
        "redis:s3cret@localhost          | is not a URL",
        "http://:s3cret@localhost        | begins with an unknown scheme",
        "redis://:s3cret@                | has a host that is none",
        "redis://:s3cret@a,,b            | has a host that is none",
        "redis://:s3cret@a b             | has a host that is none",
        "redis://:s3cret@a:0             | has a port that is not from 1 to 65535",
        "redis://:s3cret@a:65536         | has a port that is not from 1 to 65535",
        "redis://:s3cret@a:x             | has a host that is none",
        "redis://s3cret@a                | has a login that is neither",
        "redis://s3cret:@a               | has a login that is neither",
        "redis://:s3cret%zz@a            | has a login with a %",
        "redis://:s3cret@a/db            | names a database that is not a number",
        "redis://:s3cret@a/-1            | names a database that is not a number",
        "redis://:s3cret@a/0/0           | names a database that is not a number",
        "redis://:s3cret@a,b/1           | names a database, of which a Cluster has only 0",
        "redis+sentinel://:s3cret@a      | lacks the name of the master",
        "redis+sentinel://:s3cret@a//1   | lacks the name of the master",
        "redis://:s3cret@a?timeout=5     | is not a URL of Redis, or has parameters",
      })
  void whatIsNoneIsRefusedWithWhatIsAllowedAndWithoutTheSecret(String text, String fault) {
    assertThatThrownBy(() -> RedisUrl.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(fault)
        .hasMessageContaining("allowed are redis://[user:password@]host[:port][/database]")
        .hasMessageNotContainingAny("s3cret", "\n");
  }

  @ParameterizedTest
  @MethodSource("org.smg.Credentials#withSpecialCharacters")
  void credentialsAreUnderstoodOrRefusedWithoutRepeatingThem(Credentials credentials) {
    for (String form :
        List.of(
            "redis://%s:%s@h",
            "rediss://%s:%s@h:7000/1",
            "redis://%s:%s@a:1,b,[::1]:2",
            "rediss+cluster://%s:%s@a",
            "redis+sentinel://%s:%s@a,b:5/mymaster/2")) {
      try {
        RedisUrl bare = RedisUrl.of(form.formatted(credentials.user(), credentials.password()));
        // By the grammar of URLs, the first colon ends the user.
        assertThat(bare.user() + ":" + bare.password())
            .isEqualTo(credentials.user() + ":" + credentials.password());
      } catch (RuntimeException refused) {
        assertThat(credentials.user() + credentials.password()).contains("%");
        credentials.assertNotRepeatedBy(refused);
      }
      Credentials encoded = credentials.encoded();
      RedisUrl url = RedisUrl.of(form.formatted(encoded.user(), encoded.password()));
      assertThat(new Credentials(url.user(), url.password())).isEqualTo(credentials);
      assertThat(url.toString()).doesNotContain(credentials.user(), credentials.password());
    }
  }

  @Test
  void aUrlIsShownWithoutItsPassword() {
    assertThat(RedisUrl.of("redis://bob:s3cret@a")).hasToString("SERVER [a:6379]");
  }
}
