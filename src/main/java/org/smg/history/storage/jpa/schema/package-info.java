/** Makes, upgrades and verifies the tables, with Flyway and the scripts of {@code db-scripts}. */
package org.smg.history.storage.jpa.schema;
