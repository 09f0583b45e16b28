package org.smg.history.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.smg.history.json.FeedbackDraft;
import org.smg.history.json.JsonOutput;
import org.smg.history.model.Caller;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.TimeRange;
import org.smg.history.rules.FeedbackHistory;
import org.smg.history.rules.IdempotencyKey;
import org.smg.history.security.Endpoint;

/** {@code /v1/responses/{id}/feedback}: what users thought of one response. */
@ApplicationScoped
@Path("responses/{response_id}/feedback")
public class ResponseFeedbackResource {

  @Inject FeedbackHistory feedback;

  @POST
  public Response add(
      @BeanParam Request request,
      @PathParam("response_id") String responseId,
      @HeaderParam(IdempotencyKey.HEADER) String key,
      RequestBody body) {
    Caller caller = request.caller(Endpoint.ADD_FEEDBACK);
    FeedbackDraft draft = FeedbackDraft.of(body.bytes());
    return JsonResponses.ok(
        JsonOutput.feedback(
            feedback.add(caller, responseId, draft, request.idempotencyKey(key, body))));
  }

  @GET
  public Response list(@BeanParam Request request, @PathParam("response_id") String responseId) {
    Caller caller = request.caller(Endpoint.LIST_RESPONSE_FEEDBACK);
    Query query = request.query().allowOnly("limit", "order", "after", "before");
    FeedbackFilter filter =
        new FeedbackFilter(null, responseId, null, null, null, TimeRange.ALWAYS);
    return JsonResponses.ok(JsonOutput.feedback(feedback.list(caller, filter, query.window())));
  }
}
