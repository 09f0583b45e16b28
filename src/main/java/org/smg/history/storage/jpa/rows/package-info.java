/**
 * The tables as JPA entities, one {@code *Row} for each, with their keys and the converters of
 * their columns. Rows are flat: no relations, no cascades, no lazy loading.
 */
package org.smg.history.storage.jpa.rows;
