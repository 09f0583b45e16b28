/**
 * The backends PostgreSQL and Oracle, through JPA on the container's data source. An append locks
 * the row of its conversation first, so that positions ascend in the order of commits.
 */
package org.smg.history.storage.jpa;
