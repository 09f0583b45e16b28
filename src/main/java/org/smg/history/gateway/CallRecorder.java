package org.smg.history.gateway;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.smg.history.fleet.ServerName;
import org.smg.history.json.ChatRequest;
import org.smg.history.json.responses.ResponseAnswer;
import org.smg.history.json.responses.ResponseRequest;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.rules.AnsweredBefore;
import org.smg.history.rules.IdempotencyKey;
import org.smg.history.rules.Ids;
import org.smg.history.rules.Limits;
import org.smg.history.rules.Run;
import org.smg.history.rules.RunBeginning;
import org.smg.history.rules.RunHistory;
import org.smg.history.rules.RunRequest;

/** Begins the records of calls, before the model server is asked. */
@Dependent
public class CallRecorder {

  private static final String RESPONSES = "/responses";

  private final RunHistory runs;
  private final Ids ids;
  private final ServerName server;

  @Inject
  public CallRecorder(RunHistory runs, Ids ids, ServerName server) {
    this.runs = runs;
    this.ids = ids;
    this.server = server;
  }

  /**
   * A chat completion. It is not recorded if the client forbids it.
   *
   * @param doubtful gets the end of a record of which it is not known whether it has begun
   * @throws HistoryFailure if it cannot be recorded
   */
  Call chat(Caller caller, ModelRequest request, Consumer<Runnable> doubtful) {
    ChatRequest chat = ChatRequest.of(request.body());
    if (!chat.isStored()) {
      return Call.unrecorded(request);
    }
    ResponseRequest recorded = ResponseRequest.ofRecord(chat.recorded(), Limits.ITEMS_PER_TURN);
    RunBeginning begun =
        begin(
            new RunRequest(caller, recorded, IdempotencyKey.NONE, Long.MAX_VALUE, server.value()),
            doubtful);
    return new Call(request, new ChatRecord(runs, (Run) begun, chat), true);
  }

  /**
   * A response. What was said before it goes along.
   *
   * @param mostBytes how long the request to the model server may be
   * @param doubtful gets the end of a run of which it is not known whether it has begun
   * @throws HistoryFailure if the response cannot be begun
   */
  Prepared response(
      Caller caller, ModelRequest request, long mostBytes, Consumer<Runnable> doubtful) {
    ResponseRequest asked = ResponseRequest.of(request.body(), Limits.ITEMS_PER_TURN);
    IdempotencyKey key =
        IdempotencyKey.of(
            request.header(IdempotencyKey.HEADER).orElse(null), RESPONSES, request.body());
    RunBeginning begun =
        begin(new RunRequest(caller, asked, key, mostBytes, server.value()), doubtful);
    if (begun instanceof AnsweredBefore before) {
      return ReadyAnswer.of(before.response(), asked.streams());
    }
    Run run = (Run) begun;
    return new Call(
        request.without(IdempotencyKey.HEADER).withBody(asked.sent(run.context(), run.input())),
        record(asked, run),
        run.isStored());
  }

  private ResponseRecord record(ResponseRequest asked, Run run) {
    Set<String> taken = new HashSet<>();
    run.context().forEach(item -> taken.add(item.id()));
    run.input().forEach(item -> taken.add(item.id()));
    OutputIds outputIds = new OutputIds(ids, taken);
    ResponseAnswer answer =
        new ResponseAnswer(
            asked.described(run.id(), run.prompt().createdAt().getEpochSecond()), outputIds);
    return new ResponseRecord(runs, run.withoutContext(), answer, outputIds);
  }

  private RunBeginning begin(RunRequest asked, Consumer<Runnable> doubtful) {
    return runs.begin(asked, run -> doubtful.accept(() -> end(run)));
  }

  private void end(Run run) {
    ModelServerFailure failure = ModelServerFailure.notAsked();
    runs.fail(run, failure.code().word(), failure.message());
  }
}
