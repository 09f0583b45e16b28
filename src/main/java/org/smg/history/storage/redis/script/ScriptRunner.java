package org.smg.history.storage.redis.script;

import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.Availability;
import org.smg.history.storage.ConnectionUse;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Runs scripts. A failure of Redis, or of the connection to it, becomes {@link
 * HistoryFailure.Unavailable}; any other exception is a bug and is thrown unchanged.
 *
 * <p>After a restart of Redis all pooled connections are broken. A script whose connection is
 * broken is therefore run once more on a new one; scripts are written so that a second run changes
 * nothing. After a timeout a script is not run again, because the time limit of the request would
 * double.
 */
public final class ScriptRunner implements AutoCloseable {

  /**
   * Errors by which Redis reports its own state: it has no memory, is loading, is no master,
   * refuses the credentials, and so on. All others are about the command, so they are bugs.
   */
  private static final Pattern SERVER_STATE =
      Pattern.compile(
          "(^|[ -])(OOM|READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|MOVED|ASK|TRYAGAIN|CROSSSLOT|NOAUTH"
              + "|WRONGPASS|NOPERM|MISCONF|NOREPLICAS|BUSY|UNKILLABLE"
              + "|ERR max number of clients|ERR AUTH|ERR invalid password)\\b");

  private final RedisConnections connections;
  private final Availability availability;

  /**
   * @param availability asked before every step, and told of every outage
   */
  public ScriptRunner(RedisConnections connections, Availability availability) {
    this.connections = connections;
    this.availability = availability;
  }

  /** Whether all keys are on one server, so that a script may use any of them together. */
  public boolean oneServer() {
    return connections.oneServer();
  }

  public Object run(ScriptCall call) {
    return whileAvailable(() -> retryingOnce(() -> runNow(call)));
  }

  /** Runs a script even while Redis is known to be away, to find out whether it is back. */
  public void probe(ScriptCall call) {
    translating(() -> retryingOnce(() -> runNow(call)));
  }

  public ScriptReply reply(ScriptCall call) {
    return ScriptReply.of(run(call));
  }

  /** Runs calls that do not depend on each other; on one server in one round trip. */
  public List<Object> runEach(List<ScriptCall> calls) {
    if (calls.size() < 2 || !oneServer()) {
      return calls.stream().map(this::run).toList();
    }
    return whileAvailable(() -> retryingOnce(() -> runPipelined(calls)));
  }

  public ConnectionUse connections() {
    return connections.use();
  }

  /**
   * Runs a script that is no {@link Script}.
   *
   * @param mayBeNew whether to run it on a server that does not know it
   * @param key decides on which server it runs
   * @return empty if the server does not know it
   */
  Optional<Object> runSource(byte[] source, boolean mayBeNew, String key, String... arguments) {
    List<byte[]> keys = List.of(ScriptCall.bytes(key));
    List<byte[]> args = Arrays.stream(arguments).map(ScriptCall::bytes).toList();
    return whileAvailable(
        () ->
            retryingOnce(
                () -> {
                  UnifiedJedis client = connections.client();
                  try {
                    return Optional.of(
                        mayBeNew
                            ? client.eval(source, keys, args)
                            : client.evalsha(Script.shaOf(source), keys, args));
                  } catch (JedisNoScriptException unknown) {
                    return Optional.empty();
                  }
                }));
  }

  SortedMap<Integer, String> servers() {
    return oneServer()
        ? new TreeMap<>(Map.of(0, "all"))
        : whileAvailable(() -> retryingOnce(connections::slots));
  }

  @Override
  public void close() {
    connections.close();
  }

  private Object runNow(ScriptCall call) {
    UnifiedJedis client = connections.client();
    try {
      return client.evalsha(call.script().sha(), call.keys(), call.args());
    } catch (JedisNoScriptException unknown) {
      return client.eval(call.script().source(), call.keys(), call.args());
    }
  }

  private List<Object> runPipelined(List<ScriptCall> calls) {
    List<Response<Object>> responses = new ArrayList<>(calls.size());
    try (AbstractPipeline pipeline = connections.client().pipelined()) {
      for (ScriptCall call : calls) {
        responses.add(pipeline.evalsha(call.script().sha(), call.keys(), call.args()));
      }
      pipeline.sync();
    }
    List<Object> replies = new ArrayList<>(calls.size());
    for (int i = 0; i < calls.size(); i++) {
      try {
        replies.add(responses.get(i).get());
      } catch (JedisNoScriptException unknown) {
        replies.add(runNow(calls.get(i)));
      }
    }
    return replies;
  }

  private <T> T retryingOnce(Supplier<T> step) {
    try {
      return step.get();
    } catch (JedisConnectionException broken) {
      if (rootCause(broken) instanceof SocketTimeoutException) {
        throw broken;
      }
      connections.dropIdle();
      return step.get();
    }
  }

  private <T> T whileAvailable(Supplier<T> step) {
    availability.check();
    return translating(step);
  }

  private <T> T translating(Supplier<T> step) {
    try {
      return step.get();
    } catch (JedisException failure) {
      connections.note(failure);
      availability.suspect();
      throw translated(failure);
    }
  }

  /** The failure as an outage, or unchanged if it is none. */
  static RuntimeException translated(JedisException failure) {
    if (failure instanceof JedisDataException) {
      return isServerState(failure)
          ? new HistoryFailure.Unavailable(
              "Redis cannot serve now: " + failure.getMessage(), failure)
          : failure;
    }
    return isOutage(failure)
        ? new HistoryFailure.Unavailable(
            "Redis cannot be reached: " + rootCause(failure).getMessage(), failure)
        : failure;
  }

  private static boolean isServerState(JedisException error) {
    return error.getMessage() != null && SERVER_STATE.matcher(error.getMessage()).find();
  }

  /**
   * Jedis throws its base class itself when the pool has no free connection, and when the Sentinels
   * do not know the master's name.
   */
  private static boolean isOutage(JedisException failure) {
    return failure instanceof JedisConnectionException
        || failure instanceof JedisClusterOperationException && !isOfSeveralSlots(failure)
        || failure.getClass() == JedisException.class;
  }

  /** A script with keys of several slots is a bug, which Jedis reports without asking Redis. */
  private static boolean isOfSeveralSlots(JedisException failure) {
    return failure.getMessage() != null && failure.getMessage().contains("multiple hash slots");
  }

  private static Throwable rootCause(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
