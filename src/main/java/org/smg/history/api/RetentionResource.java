package org.smg.history.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.smg.history.json.JsonOutput;
import org.smg.history.json.RetentionOutput;
import org.smg.history.model.Caller;
import org.smg.history.retention.RetentionReport;
import org.smg.history.retention.RetentionReports;
import org.smg.history.security.Endpoint;

/** {@code /v1/retention}: how long history is kept, and what is still stored. */
@ApplicationScoped
@Path("retention")
public class RetentionResource {

  @Inject RetentionReports reports;

  @GET
  public Response get(@BeanParam Request request) {
    Caller caller = request.caller(Endpoint.GET_RETENTION);
    request.query().allowOnly();
    return JsonResponses.ok(JsonOutput.retention(output(reports.of(caller.tenant()))));
  }

  private static RetentionOutput output(RetentionReport report) {
    return new RetentionOutput(
        output(report.conversations()),
        output(report.responses()),
        report.moreDue(),
        report
            .lastPurge()
            .map(
                purge ->
                    new RetentionOutput.Purge(
                        purge.at(),
                        purge.conversations(),
                        purge.items(),
                        purge.responses(),
                        purge.feedback())));
  }

  private static RetentionOutput.Kind output(RetentionReport.Kind kind) {
    return new RetentionOutput.Kind(kind.days(), kind.oldest());
  }
}
