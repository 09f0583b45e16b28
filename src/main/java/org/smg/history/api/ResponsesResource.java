package org.smg.history.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.smg.history.json.JsonBody;
import org.smg.history.json.JsonOutput;
import org.smg.history.json.TurnDraft;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Metadata;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TimeRange;
import org.smg.history.rules.DeletedPart;
import org.smg.history.rules.Limits;
import org.smg.history.rules.ResponseHistory;
import org.smg.history.security.Endpoint;

/**
 * {@code /v1/responses} (api.md, sections 2.3 and 5), and as extensions: recording, the list and
 * the chain.
 */
@ApplicationScoped
@Path("responses")
public class ResponsesResource {

  @Inject ResponseHistory responses;

  @POST
  public Response create(@BeanParam Request request) {
    request.caller(Endpoint.CREATE_RESPONSE);
    throw new HistoryFailure.Invalid(
        null,
        "model_server_not_configured",
        "No model server is configured. Record finished responses with PUT /v1/responses/{id}.");
  }

  @GET
  public Response list(@BeanParam Request request) {
    Caller caller = request.caller(Endpoint.LIST_RESPONSES);
    Query query =
        request
            .query()
            .allowOnly(
                "limit",
                "order",
                "after",
                "before",
                "model",
                "status",
                "conversation",
                "safety_identifier",
                "user",
                "metadata",
                "created_after",
                "created_before");
    ResponseFilter filter =
        new ResponseFilter(
            query.text("model"),
            query.word("status", List.of(ResponseStatus.values())),
            query.text("conversation"),
            query.text("safety_identifier"),
            query.text("user"),
            query.metadata(),
            query.created());
    return JsonResponses.ok(JsonOutput.responses(responses.list(caller, filter, query.window())));
  }

  @PUT
  @Path("{id}")
  public Response record(@BeanParam Request request, @PathParam("id") String id, RequestBody body) {
    Caller caller = request.caller(Endpoint.RECORD_RESPONSE);
    TurnDraft draft = TurnDraft.of(body.bytes(), Limits.ITEMS_PER_TURN);
    return JsonResponses.ok(JsonBody.of(responses.record(caller, id, draft).json()));
  }

  @GET
  @Path("{id}")
  public Response get(@BeanParam Request request, @PathParam("id") String id) {
    Caller caller = request.caller(Endpoint.GET_RESPONSE);
    Query query = request.query().checkInclude();
    if ("true".equals(query.text("stream"))) {
      throw new HistoryFailure.Invalid(
          "stream",
          null,
          "This response cannot be streamed because it was not created with background=true.");
    }
    return JsonResponses.ok(JsonBody.of(responses.get(caller, id).json()));
  }

  /** Only responses that are made in the background could be cancelled. */
  @POST
  @Path("{id}/cancel")
  public Response cancel(@BeanParam Request request, @PathParam("id") String id) {
    Caller caller = request.caller(Endpoint.CANCEL_RESPONSE);
    StoredResponse response = responses.get(caller, id);
    if (response.status() == ResponseStatus.CANCELLED) {
      return JsonResponses.ok(JsonBody.of(response.json()));
    }
    throw new HistoryFailure.Invalid(null, null, "Cannot cancel a synchronous response.");
  }

  @DELETE
  @Path("{id}")
  public Response delete(@BeanParam Request request, @PathParam("id") String id) {
    Caller caller = request.caller(Endpoint.DELETE_RESPONSE);
    responses.delete(caller, id);
    return JsonResponses.ok(JsonOutput.deleted(id, "response.deleted"));
  }

  @DELETE
  public Response deleteByUser(@BeanParam Request request) {
    Caller caller = request.caller(Endpoint.DELETE_RESPONSES);
    Query query = request.query().allowExactlyOne("user", "safety_identifier");
    ResponseFilter filter =
        new ResponseFilter(
            null,
            null,
            null,
            query.text("safety_identifier"),
            query.text("user"),
            Metadata.NONE,
            TimeRange.ALWAYS);
    DeletedPart part = responses.delete(caller, filter);
    return JsonResponses.ok(JsonOutput.deletion(part.deleted(), part.hasMore()));
  }

  @GET
  @Path("{id}/input_items")
  public Response inputItems(@BeanParam Request request, @PathParam("id") String id) {
    Caller caller = request.caller(Endpoint.LIST_INPUT_ITEMS);
    Query query = request.query().checkInclude();
    return JsonResponses.ok(JsonOutput.items(responses.inputItems(caller, id, query.window())));
  }

  @GET
  @Path("{id}/chain")
  public Response chain(@BeanParam Request request, @PathParam("id") String id) {
    Caller caller = request.caller(Endpoint.GET_CHAIN);
    Query query = request.query().allowOnly("limit");
    return JsonResponses.ok(JsonOutput.responses(responses.chain(caller, id, query.limit())));
  }
}
