package org.smg.history.bench.limit;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Stands beside the history, never inside it. */
@ApplicationPath("/")
public class LimitApplication extends Application {}
