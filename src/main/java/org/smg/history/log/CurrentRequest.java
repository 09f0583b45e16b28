package org.smg.history.log;

/** What is known of the request that is being carried out. */
public interface CurrentRequest {

  /** The event with the fields of the request; the same event where there is no request. */
  Event addTo(Event event);
}
