package org.smg.history.storage.redis;

import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.smg.history.model.HistoryFailure;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Runs scripts. What Redis cannot do now becomes {@link HistoryFailure.Unavailable}.
 *
 * <p>A connection that turns out to be broken, as all are after a restart of Redis, is tried once
 * more on a new one; scripts are written so that a second run changes nothing. A timeout is not
 * tried again: the bound on a request's time would double.
 */
final class Redis implements AutoCloseable {

  /** What Redis says when it is its own state, and not the command, that is at fault. */
  private static final Pattern STATE =
      Pattern.compile(
          "(^|[ -])(OOM|READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|MOVED|ASK|TRYAGAIN|CROSSSLOT|NOAUTH"
              + "|WRONGPASS|NOPERM|MISCONF|NOREPLICAS|BUSY|UNKILLABLE"
              + "|ERR max number of clients|ERR AUTH|ERR invalid password)");

  private final RedisConnections connections;

  Redis(RedisConnections connections) {
    this.connections = connections;
  }

  /** Whether a script may touch any keys together, which on a Cluster it may not. */
  boolean oneNode() {
    return connections.oneNode();
  }

  Object run(Call call) {
    return answer(() -> again(() -> once(call)));
  }

  Reply reply(Call call) {
    return Reply.of(run(call));
  }

  /** Runs independent calls, on one node in one round trip. */
  List<Object> runEach(List<Call> calls) {
    if (calls.size() < 2 || !oneNode()) {
      return calls.stream().map(this::run).toList();
    }
    return answer(() -> again(() -> pipelined(calls)));
  }

  @Override
  public void close() {
    connections.close();
  }

  private Object once(Call call) {
    UnifiedJedis client = connections.client();
    try {
      return client.evalsha(call.script().sha(), call.keys(), call.args());
    } catch (JedisNoScriptException unknown) {
      return client.eval(call.script().source(), call.keys(), call.args());
    }
  }

  private List<Object> pipelined(List<Call> calls) {
    List<Response<Object>> responses = new ArrayList<>(calls.size());
    try (AbstractPipeline pipeline = connections.client().pipelined()) {
      for (Call call : calls) {
        responses.add(pipeline.evalsha(call.script().sha(), call.keys(), call.args()));
      }
      pipeline.sync();
    }
    List<Object> answers = new ArrayList<>(calls.size());
    for (int i = 0; i < calls.size(); i++) {
      try {
        answers.add(responses.get(i).get());
      } catch (JedisNoScriptException unknown) {
        answers.add(once(calls.get(i)));
      }
    }
    return answers;
  }

  private <T> T again(Supplier<T> step) {
    try {
      return step.get();
    } catch (JedisConnectionException broken) {
      if (root(broken) instanceof SocketTimeoutException) {
        throw broken;
      }
      connections.dropIdle();
      return step.get();
    }
  }

  private static <T> T answer(Supplier<T> step) {
    try {
      return step.get();
    } catch (JedisDataException said) {
      if (said.getMessage() != null && STATE.matcher(said.getMessage()).find()) {
        throw new HistoryFailure.Unavailable("Redis cannot serve now: " + said.getMessage(), said);
      }
      throw said;
    } catch (JedisException unreachable) {
      throw new HistoryFailure.Unavailable(
          "Redis cannot be reached: " + root(unreachable).getMessage(), unreachable);
    }
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
