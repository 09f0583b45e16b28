package org.smg.history.api.trace;

import jakarta.enterprise.context.ContextException;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import org.smg.history.log.CurrentRequest;
import org.smg.history.log.Event;

/** The request that the container serves on this thread. */
@Dependent
public class ServedRequest implements CurrentRequest {

  /** The container's own, which leads to the request of the thread that asks. */
  @Inject private HttpServletRequest request;

  @Override
  public Event addTo(Event event) {
    try {
      return RequestFields.addTo(event, request);
    } catch (ContextException | IllegalStateException noRequest) {
      // The start, or work in the background.
      return event;
    }
  }
}
