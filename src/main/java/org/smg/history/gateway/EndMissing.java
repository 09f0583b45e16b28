package org.smg.history.gateway;

/** A stream has ended without the event that ends it. */
final class EndMissing extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EndMissing() {
    super("The stream has no end.");
  }
}
