package org.smg.history.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.smg.history.json.ConversationDraft;
import org.smg.history.json.JsonOutput;
import org.smg.history.model.Caller;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.TimeRange;
import org.smg.history.rules.ConversationHistory;
import org.smg.history.rules.DeletedPart;
import org.smg.history.rules.IdempotencyKey;
import org.smg.history.rules.Limits;
import org.smg.history.security.Endpoint;

/** {@code /v1/conversations} (api.md, section 2.1), and the list as an extension. */
@ApplicationScoped
@Path("conversations")
public class ConversationsResource {

  @Inject ConversationHistory conversations;

  @POST
  public Response create(
      @BeanParam Request request,
      @HeaderParam(IdempotencyKey.HEADER) String key,
      RequestBody body) {
    Caller caller = request.caller(Endpoint.CREATE_CONVERSATION);
    ConversationDraft draft = ConversationDraft.ofCreation(body.bytes(), Limits.ITEMS_PER_REQUEST);
    return JsonResponses.ok(
        JsonOutput.conversation(
            conversations.create(caller, draft, request.idempotencyKey(key, body))));
  }

  @GET
  public Response list(@BeanParam Request request) {
    Caller caller = request.caller(Endpoint.LIST_CONVERSATIONS);
    Query query =
        request
            .query()
            .allowOnly(
                "limit", "order", "after", "before", "metadata", "created_after", "created_before");
    ConversationFilter filter = new ConversationFilter(query.metadata(), query.created());
    return JsonResponses.ok(
        JsonOutput.conversations(conversations.list(caller, filter, query.window())));
  }

  @GET
  @Path("{id}")
  public Response get(@BeanParam Request request, @PathParam("id") String id) {
    Caller caller = request.caller(Endpoint.GET_CONVERSATION);
    return JsonResponses.ok(JsonOutput.conversation(conversations.get(caller, id)));
  }

  @POST
  @Path("{id}")
  public Response update(
      @BeanParam Request request,
      @PathParam("id") String id,
      @HeaderParam(IdempotencyKey.HEADER) String key,
      RequestBody body) {
    Caller caller = request.caller(Endpoint.UPDATE_CONVERSATION);
    return JsonResponses.ok(
        JsonOutput.conversation(
            conversations.replaceMetadata(
                caller,
                id,
                ConversationDraft.ofUpdate(body.bytes()),
                request.idempotencyKey(key, body))));
  }

  @DELETE
  @Path("{id}")
  public Response delete(@BeanParam Request request, @PathParam("id") String id) {
    Caller caller = request.caller(Endpoint.DELETE_CONVERSATION);
    conversations.delete(caller, id);
    return JsonResponses.ok(JsonOutput.deleted(id, "conversation.deleted"));
  }

  @DELETE
  public Response deleteByMetadata(@BeanParam Request request) {
    Caller caller = request.caller(Endpoint.DELETE_CONVERSATIONS);
    Query query = request.query().allowExactlyOne("metadata");
    DeletedPart part =
        conversations.delete(caller, new ConversationFilter(query.metadata(), TimeRange.ALWAYS));
    return JsonResponses.ok(JsonOutput.deletion(part.deleted(), part.hasMore()));
  }
}
