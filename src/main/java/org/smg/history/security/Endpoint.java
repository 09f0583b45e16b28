package org.smg.history.security;

import static org.smg.history.security.Grant.ACCESS;
import static org.smg.history.security.Grant.NONE;
import static org.smg.history.security.Grant.OPEN;
import static org.smg.history.security.Grant.REVIEW;
import static org.smg.history.security.Grant.TENANT;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.smg.history.security.authentication.Role;

/**
 * Who may do what: a row for each endpoint, and in it what each role may reach. The columns are the
 * roles user, reviewer, admin and operator. {@code src/docs/security.md} prints this table.
 */
public enum Endpoint {
  CREATE_CONVERSATION("POST", "/conversations", ACCESS, NONE, NONE, NONE),
  LIST_CONVERSATIONS("GET", "/conversations", ACCESS, REVIEW, NONE, NONE),
  GET_CONVERSATION("GET", "/conversations/{id}", ACCESS, REVIEW, NONE, NONE),
  UPDATE_CONVERSATION("POST", "/conversations/{id}", ACCESS, NONE, NONE, NONE),
  DELETE_CONVERSATION("DELETE", "/conversations/{id}", ACCESS, NONE, TENANT, NONE),
  DELETE_CONVERSATIONS("DELETE", "/conversations", ACCESS, NONE, TENANT, NONE),

  APPEND_ITEMS("POST", "/conversations/{conversation_id}/items", ACCESS, NONE, NONE, NONE),
  LIST_ITEMS("GET", "/conversations/{conversation_id}/items", ACCESS, REVIEW, NONE, NONE),
  GET_ITEM("GET", "/conversations/{conversation_id}/items/{item_id}", ACCESS, REVIEW, NONE, NONE),
  DELETE_ITEM(
      "DELETE", "/conversations/{conversation_id}/items/{item_id}", ACCESS, NONE, TENANT, NONE),

  CREATE_RESPONSE("POST", "/responses", ACCESS, NONE, NONE, NONE),
  LIST_RESPONSES("GET", "/responses", ACCESS, REVIEW, NONE, NONE),
  RECORD_RESPONSE("PUT", "/responses/{id}", ACCESS, NONE, NONE, NONE),
  GET_RESPONSE("GET", "/responses/{id}", ACCESS, REVIEW, NONE, NONE),
  DELETE_RESPONSE("DELETE", "/responses/{id}", ACCESS, NONE, TENANT, NONE),
  DELETE_RESPONSES("DELETE", "/responses", ACCESS, NONE, TENANT, NONE),
  CANCEL_RESPONSE("POST", "/responses/{id}/cancel", ACCESS, NONE, NONE, NONE),
  LIST_INPUT_ITEMS("GET", "/responses/{id}/input_items", ACCESS, REVIEW, NONE, NONE),
  GET_CHAIN("GET", "/responses/{id}/chain", ACCESS, REVIEW, NONE, NONE),

  ADD_FEEDBACK("POST", "/responses/{response_id}/feedback", ACCESS, REVIEW, NONE, NONE),
  LIST_RESPONSE_FEEDBACK("GET", "/responses/{response_id}/feedback", ACCESS, REVIEW, NONE, NONE),
  LIST_FEEDBACK("GET", "/feedback", ACCESS, REVIEW, NONE, NONE),
  GET_FEEDBACK("GET", "/feedback/{id}", ACCESS, REVIEW, NONE, NONE),
  DELETE_FEEDBACK("DELETE", "/feedback/{id}", ACCESS, NONE, TENANT, NONE),

  GET_RETENTION("GET", "/retention", NONE, NONE, TENANT, TENANT),

  CREATE_CHAT_COMPLETION("POST", "/chat/completions", ACCESS, NONE, NONE, NONE),
  CREATE_EMBEDDINGS("POST", "/embeddings", ACCESS, NONE, NONE, NONE),
  LIST_MODELS("GET", "/models", ACCESS, NONE, NONE, NONE),
  GET_MODEL("GET", "/models/{model}", ACCESS, NONE, NONE, NONE),

  GET_DESCRIPTION("GET", "/openapi.yaml", OPEN, OPEN, OPEN, OPEN),
  GET_METRICS("GET", "/metrics", NONE, NONE, NONE, OPEN);

  private final String method;
  private final String path;
  private final List<Grant> grants;

  Endpoint(String method, String path, Grant user, Grant reviewer, Grant admin, Grant operator) {
    this.method = method;
    this.path = path;
    this.grants = List.of(user, reviewer, admin, operator);
  }

  public String method() {
    return method;
  }

  /** The path below {@code /v1}, with the names of its parameters in braces. */
  public String path() {
    return path;
  }

  /** What a role may reach. */
  public Grant grant(Role role) {
    return grants.get(role.ordinal());
  }

  /** Whether any of the roles has this grant. */
  boolean grants(Collection<Role> roles, Grant grant) {
    for (Role role : roles) {
      if (grant(role) == grant) {
        return true;
      }
    }
    return false;
  }

  /** The roles that may do this. */
  List<Role> roles() {
    return Arrays.stream(Role.values()).filter(role -> grant(role) != NONE).toList();
  }
}
