/**
 * History in a relational database, through JPA on the container's data source. Rows are flat: no
 * relations, no cascades, nothing is loaded by the way. What every database understands is JPQL;
 * what one understands better is in its {@link org.smg.history.storage.jpa.Dialect}. An append
 * takes the lock of its conversation's row first, so that positions ascend in the order of commits.
 */
package org.smg.history.storage.jpa;
