package org.smg.history.api.error;

import java.util.List;

/**
 * All codes that errors have, for figures: a code that is not listed is counted as {@code other}.
 * {@code openapi.yaml} says what each one means.
 */
public final class ErrorCodes {

  /** The codes of those who are turned away, whatever they ask for: 401, 403 and 429. */
  public static final List<String> REFUSALS =
      List.of(
          "authentication_not_configured",
          "cross_site_request",
          "insufficient_permissions",
          "invalid_api_key",
          "proxy_required",
          "rate_limit_exceeded",
          ApiError.STORAGE_LIMIT_EXCEEDED,
          "too_many_streams");

  /** The others. */
  public static final List<String> FAULTS =
      List.of(
          "array_above_max_length",
          "body_too_large",
          "context_length_exceeded",
          "conversation_locked",
          "empty_array",
          "filter_too_broad",
          "history_unavailable",
          "idempotency_key_in_progress",
          "idempotency_key_reused",
          "integer_above_max_value",
          "integer_below_min_value",
          "invalid_json",
          "invalid_type",
          "invalid_url",
          "invalid_value",
          "item_already_in_conversation",
          "method_not_supported",
          "missing_required_parameter",
          "model_server_error",
          "model_server_not_configured",
          "model_server_timeout",
          "mutually_exclusive_parameters",
          "object_above_max_properties",
          "previous_response_not_found",
          "property_name_above_max_length",
          "response_already_recorded",
          "response_chain_cycle",
          "response_ended",
          "service_stopping",
          "string_above_max_length",
          "unknown_parameter",
          "unsupported_content_encoding",
          "unsupported_content_type",
          "unsupported_parameter");

  private ErrorCodes() {}
}
