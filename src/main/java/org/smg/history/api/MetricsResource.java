package org.smg.history.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.smg.history.metrics.Exposition;
import org.smg.history.metrics.MetricRegistry;
import org.smg.history.security.Endpoint;

/** {@code /v1/metrics}: figures for Prometheus. */
@ApplicationScoped
@Path("metrics")
public class MetricsResource {

  @Inject MetricRegistry registry;

  @GET
  public Response get(@BeanParam Request request) {
    request.caller(Endpoint.GET_METRICS);
    Exposition exposition = registry.exposition(request.accepted());
    return Response.ok(exposition.text(), exposition.contentType()).build();
  }
}
