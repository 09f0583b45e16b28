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
import java.util.List;
import org.smg.history.json.ConversationDraft;
import org.smg.history.json.ItemDrafts;
import org.smg.history.json.JsonBody;
import org.smg.history.json.JsonOutput;
import org.smg.history.model.Caller;
import org.smg.history.model.Item;
import org.smg.history.model.Page;
import org.smg.history.rules.ConversationHistory;
import org.smg.history.rules.IdempotencyKey;
import org.smg.history.rules.Limits;
import org.smg.history.security.Endpoint;

/** {@code /v1/conversations/{id}/items} (api.md, section 2.2). */
@ApplicationScoped
@Path("conversations/{conversation_id}/items")
public class ItemsResource {

  @Inject ConversationHistory conversations;

  @POST
  public Response append(
      @BeanParam Request request,
      @PathParam("conversation_id") String conversationId,
      @HeaderParam(IdempotencyKey.HEADER) String key,
      RequestBody body) {
    Caller caller = request.caller(Endpoint.APPEND_ITEMS);
    request.query().checkInclude();
    ItemDrafts items = ConversationDraft.ofAddition(body.bytes(), Limits.ITEMS_PER_REQUEST);
    List<Item> appended =
        conversations.append(caller, conversationId, items, request.idempotencyKey(key, body));
    return JsonResponses.ok(JsonOutput.items(new Page<>(appended, false)));
  }

  @GET
  public Response list(
      @BeanParam Request request, @PathParam("conversation_id") String conversationId) {
    Caller caller = request.caller(Endpoint.LIST_ITEMS);
    Query query = request.query().checkInclude();
    return JsonResponses.ok(
        JsonOutput.items(conversations.items(caller, conversationId, query.window())));
  }

  @GET
  @Path("{item_id}")
  public Response get(
      @BeanParam Request request,
      @PathParam("conversation_id") String conversationId,
      @PathParam("item_id") String itemId) {
    Caller caller = request.caller(Endpoint.GET_ITEM);
    request.query().checkInclude();
    return JsonResponses.ok(JsonBody.of(conversations.item(caller, conversationId, itemId).json()));
  }

  /** Answers with the conversation, not with a mark of deletion. */
  @DELETE
  @Path("{item_id}")
  public Response delete(
      @BeanParam Request request,
      @PathParam("conversation_id") String conversationId,
      @PathParam("item_id") String itemId) {
    Caller caller = request.caller(Endpoint.DELETE_ITEM);
    return JsonResponses.ok(
        JsonOutput.conversation(conversations.removeItem(caller, conversationId, itemId)));
  }
}
