package org.smg.history;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;

/** The root of the API: everything that an OpenAI client reaches stands below {@code /v1}. */
@ApplicationPath("/v1")
public class HistoryApplication extends Application {

  /** Jersey would describe the API, in WADL, at {@code application.wadl} and to OPTIONS. */
  @Override
  public Map<String, Object> getProperties() {
    return Map.of("jersey.config.server.wadl.disableWadl", true);
  }
}
