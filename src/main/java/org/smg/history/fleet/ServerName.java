package org.smg.history.fleet;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.smg.history.rules.Ids;

/**
 * Names this server among those that share a backend. Drawn at each start, so that nobody takes
 * what a server made before it died for what it makes now.
 */
@ApplicationScoped
public class ServerName {

  private final String value;

  @Inject
  public ServerName(Ids ids) {
    this.value = ids.secret();
  }

  /** For the container's proxy. */
  protected ServerName() {
    this.value = null;
  }

  public String value() {
    return value;
  }
}
