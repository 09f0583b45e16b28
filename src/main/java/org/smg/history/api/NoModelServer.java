package org.smg.history.api;

import org.smg.history.model.HistoryFailure;

/** The answer to what only a model server could do. */
final class NoModelServer {

  private NoModelServer() {}

  static HistoryFailure failure() {
    return new HistoryFailure.Invalid(
        null,
        "model_server_not_configured",
        "No model server is configured. Administrators: set model-server-url.");
  }
}
