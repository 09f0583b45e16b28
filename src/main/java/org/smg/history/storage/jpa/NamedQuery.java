package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import org.smg.history.model.Key;
import org.smg.history.storage.jpa.rows.SearchValue;

/**
 * Queries that are run often. They are named by their own text, at their first use: the provider
 * makes the SQL of a named query once, and that of any other query each time. Not for use in a
 * transaction: the provider would mark it for rollback at the first use.
 */
final class NamedQuery {

  private NamedQuery() {}

  static <T> TypedQuery<T> of(EntityManager em, String jpql, Class<T> type) {
    try {
      return em.createNamedQuery(jpql, type);
    } catch (IllegalArgumentException unknown) {
      em.getEntityManagerFactory().addNamedQuery(jpql, em.createQuery(jpql, type));
      return em.createNamedQuery(jpql, type);
    }
  }

  /** A query with the parameters {@code tenant} and {@code id}. */
  static <T> TypedQuery<T> of(EntityManager em, String jpql, Class<T> type, Key key) {
    return withKey(of(em, jpql, type), key);
  }

  /** Sets the parameters {@code tenant} and {@code id}. */
  static <T> TypedQuery<T> withKey(TypedQuery<T> query, Key key) {
    return query
        .setParameter("tenant", SearchValue.of(key.tenant()))
        .setParameter("id", SearchValue.of(key.id()));
  }
}
