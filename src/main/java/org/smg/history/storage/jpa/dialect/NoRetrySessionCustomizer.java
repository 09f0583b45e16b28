package org.smg.history.storage.jpa;

import org.eclipse.persistence.config.SessionCustomizer;
import org.eclipse.persistence.sessions.DatabaseLogin;
import org.eclipse.persistence.sessions.Session;

/**
 * Keeps the provider from trying again when a connection is lost or none is to be had: it would
 * wait five seconds each of three times, while the client waits too.
 */
@SuppressWarnings("removal") // Its successor is not there in the provider's version 3.
public final class OneAttempt implements SessionCustomizer {

  @Override
  public void customize(Session session) {
    DatabaseLogin login = (DatabaseLogin) session.getDatasourceLogin();
    login.setQueryRetryAttemptCount(0);
    login.setConnectionHealthValidatedOnError(false);
  }
}
