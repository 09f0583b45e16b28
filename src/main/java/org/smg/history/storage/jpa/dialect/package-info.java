/**
 * What differs between PostgreSQL and Oracle: statements that JPQL cannot express, and what their
 * errors mean. The stores know only {@link org.smg.history.storage.jpa.dialect.Dialect}.
 */
package org.smg.history.storage.jpa.dialect;
