/**
 * PostgreSQL under the URL that its own tools take. Depends on nothing but the driver, so that it
 * can sit beside it in any server.
 */
package org.smg.postgres;
