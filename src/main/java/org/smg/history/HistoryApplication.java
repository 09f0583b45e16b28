package org.smg.history;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** The root of the API: everything that an OpenAI client reaches stands below {@code /v1}. */
@ApplicationPath("/v1")
public class HistoryApplication extends Application {}
