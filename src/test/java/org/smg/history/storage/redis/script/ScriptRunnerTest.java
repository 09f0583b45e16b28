package org.smg.history.storage.redis.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.HistoryFailure;
import redis.clients.jedis.exceptions.InvalidURIException;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisValidationException;

/** Which failures are outages, and which are bugs. */
class ScriptRunnerTest {

  static JedisException[] outages() {
    return new JedisException[] {
      new JedisConnectionException("Connection refused"),
      new JedisException("Could not get a resource from the pool"),
      new JedisClusterOperationException("No more cluster attempts left."),
    };
  }

  static JedisException[] bugs() {
    return new JedisException[] {
      new JedisValidationException("a value is missing"),
      new InvalidURIException("no URI"),
      new JedisClusterOperationException(
          "Cannot get connection for command with multiple hash slots"),
    };
  }

  @ParameterizedTest
  @MethodSource("outages")
  void aFailureToReachRedisIsAnOutage(JedisException failure) {
    assertThat(ScriptRunner.translated(failure))
        .isInstanceOf(HistoryFailure.Unavailable.class)
        .hasMessage("Redis cannot be reached: " + failure.getMessage())
        .hasCause(failure);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OOM command not allowed when used memory > 'maxmemory'.",
        "ERR Error running script (call to f_1): @user_script:9: @user_script: 9: -OOM command",
        "READONLY You can't write against a read only replica.",
        "LOADING Redis is loading the dataset in memory",
        "BUSY Redis is busy running a script.",
        "CLUSTERDOWN The cluster is down",
        "WRONGPASS invalid username-password pair or user is disabled.",
        "ERR max number of clients reached",
      })
  void anErrorOfRedisAboutItselfIsAnOutage(String error) {
    assertThat(ScriptRunner.translated(new JedisDataException(error)))
        .isInstanceOf(HistoryFailure.Unavailable.class)
        .hasMessage("Redis cannot serve now: " + error);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WRONGTYPE Operation against a key holding the wrong kind of value",
        "ERR Error running script (call to f_1): @user_script:3: attempt to index a nil value",
        "ERR wrong number of arguments for 'get' command",
        "BUSYGROUP Consumer Group name already exists",
      })
  void anErrorOfRedisAboutACommandIsThrownUnchanged(String error) {
    JedisDataException failure = new JedisDataException(error);

    assertThat(ScriptRunner.translated(failure)).isSameAs(failure);
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void aMistakeInACallOfTheDriverIsThrownUnchanged(JedisException failure) {
    assertThat(ScriptRunner.translated(failure)).isSameAs(failure);
  }
}
