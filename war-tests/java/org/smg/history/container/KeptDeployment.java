package org.smg.history.container;

import org.jboss.arquillian.container.spi.event.UnDeployManagedDeployments;
import org.jboss.arquillian.core.api.annotation.Observes;
import org.jboss.arquillian.core.spi.EventContext;
import org.jboss.arquillian.core.spi.LoadableExtension;

/**
 * Leaves the WAR in its server, which stops next. Arquillian would remove the file and wait until
 * Open Liberty forgets the application; but an application that {@code server.xml} names, as the
 * shipped one does, is never forgotten.
 */
public final class KeptDeployment implements LoadableExtension {

  @Override
  public void register(ExtensionBuilder builder) {
    builder.observer(KeptDeployment.class);
  }

  void keep(@Observes EventContext<UnDeployManagedDeployments> undeployment) {
    // Not to proceed is all.
  }
}
