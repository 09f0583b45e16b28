package org.smg.history.retention;

/**
 * Is told of every purge that this server has done, also of those that removed nothing. Beans of
 * this type are found by themselves.
 */
public interface PurgeObserver {

  void ended(PurgeResult result);
}
