package org.smg.history.storage;

import java.util.Map;
import org.smg.history.model.HistoryFailure;

/** The sums of stored bytes that all servers of a fleet share. Asked in the background alone. */
public interface ByteSums {

  /** In the place of a key's name: all that the tenant has stored. */
  String WHOLE_TENANT = "-";

  /**
   * Adds what this server has counted to the tenant's sums.
   *
   * @param changes bytes by the name of an API key or {@link #WHOLE_TENANT}; at least one
   * @throws HistoryFailure.Unavailable if the backend cannot be asked now. Whether the changes were
   *     added is not known then
   */
  void add(String tenant, Map<String, Long> changes);

  /**
   * All sums of a tenant, over all servers, by the same names.
   *
   * @throws HistoryFailure.Unavailable if the backend cannot be asked now
   */
  Map<String, Long> sums(String tenant);
}
