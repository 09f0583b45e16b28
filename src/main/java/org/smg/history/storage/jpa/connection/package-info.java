/**
 * The container's connections, as this application borrows them: counted, and bound to a tenant.
 */
package org.smg.history.storage.jpa.connection;
