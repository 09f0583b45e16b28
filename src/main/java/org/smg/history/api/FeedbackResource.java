package org.smg.history.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.smg.history.json.JsonOutput;
import org.smg.history.model.Caller;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.Rating;
import org.smg.history.rules.FeedbackHistory;
import org.smg.history.security.Endpoint;

/** {@code /v1/feedback}: what users thought, across all responses. */
@ApplicationScoped
@Path("feedback")
public class FeedbackResource {

  @Inject FeedbackHistory feedback;

  @GET
  public Response list(@BeanParam Request request) {
    Caller caller = request.caller(Endpoint.LIST_FEEDBACK);
    Query query =
        request
            .query()
            .allowOnly(
                "limit",
                "order",
                "after",
                "before",
                "rating",
                "response_id",
                "conversation_id",
                "model",
                "author",
                "created_after",
                "created_before");
    FeedbackFilter filter =
        new FeedbackFilter(
            query.word("rating", Rating.class),
            query.text("response_id"),
            query.text("conversation_id"),
            query.text("model"),
            query.text("author"),
            query.created());
    return JsonResponses.ok(JsonOutput.feedback(feedback.list(caller, filter, query.window())));
  }

  @GET
  @Path("{id}")
  public Response get(@BeanParam Request request, @PathParam("id") String id) {
    Caller caller = request.caller(Endpoint.GET_FEEDBACK);
    return JsonResponses.ok(JsonOutput.feedback(feedback.get(caller, id)));
  }

  @DELETE
  @Path("{id}")
  public Response delete(@BeanParam Request request, @PathParam("id") String id) {
    Caller caller = request.caller(Endpoint.DELETE_FEEDBACK);
    feedback.delete(caller, id);
    return JsonResponses.ok(JsonOutput.deleted(id, "feedback.deleted"));
  }
}
