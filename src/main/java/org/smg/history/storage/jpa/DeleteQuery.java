package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.storage.jpa.rows.SearchValue;

/** Deletes one conversation, response or feedback; foreign keys delete what depends on it. */
final class DeleteQuery {

  private DeleteQuery() {}

  /**
   * @return whether there was one in scope
   */
  static boolean run(EntityManager em, Class<?> row, Scope scope, String id) {
    Key key = SearchValue.of(scope.key(id));
    String jpql =
        "DELETE FROM %s r WHERE r.tenant = :tenant AND r.id = :id%s"
            .formatted(row.getSimpleName(), scope.owner() == null ? "" : " AND r.owner = :owner");
    Query delete =
        em.createQuery(jpql).setParameter("tenant", key.tenant()).setParameter("id", key.id());
    if (scope.owner() != null) {
      delete.setParameter("owner", SearchValue.of(scope.owner()));
    }
    return delete.executeUpdate() > 0;
  }
}
