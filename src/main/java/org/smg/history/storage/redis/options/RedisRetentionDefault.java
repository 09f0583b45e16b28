package org.smg.history.storage.redis.options;

import jakarta.enterprise.context.Dependent;
import java.util.Optional;
import org.smg.history.config.Option;
import org.smg.history.storage.Backend;
import org.smg.history.storage.RetentionDefault;
import org.smg.history.storage.StoredIn;

/** Redis is for history that expires. */
@Dependent
@StoredIn(Backend.REDIS)
final class RedisRetentionDefault implements RetentionDefault {

  @Override
  public Option<Optional<Integer>> option() {
    return RedisOptions.RETENTION_DAYS;
  }

  @Override
  public int days() {
    return RedisOptions.DEFAULT_RETENTION_DAYS;
  }
}
