/**
 * What stored values look like: text with names and the version of this layout. Depends on the
 * model alone.
 */
package org.smg.history.storage.redis.layout;
