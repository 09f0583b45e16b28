package org.smg.history.retention;

import java.time.Duration;
import org.smg.history.storage.RetentionStore.Counts;

/**
 * What this server did in one purge of all tenants.
 *
 * @param removed from all tenants
 * @param took from the first step to the last
 * @param lag how long ago the oldest object became due that is still stored; zero if none is due
 * @param complete whether nothing that was due was left
 */
public record PurgeResult(Counts removed, Duration took, Duration lag, boolean complete) {}
