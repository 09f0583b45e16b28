package org.smg.history.storage.jpa.dialect;

import org.eclipse.persistence.config.SessionCustomizer;
import org.eclipse.persistence.sessions.DatabaseLogin;
import org.eclipse.persistence.sessions.Session;

/**
 * Keeps EclipseLink from trying again when a connection is lost or none is to be had: it would try
 * three times and wait five seconds before each, while the client waits. Public because EclipseLink
 * makes it by its name.
 */
@SuppressWarnings("removal") // EclipseLink 3, on Jakarta EE 9.1, does not have its successor.
public final class NoRetrySessionCustomizer implements SessionCustomizer {

  @Override
  public void customize(Session session) {
    DatabaseLogin login = (DatabaseLogin) session.getDatasourceLogin();
    login.setQueryRetryAttemptCount(0);
    login.setConnectionHealthValidatedOnError(false);
  }
}
