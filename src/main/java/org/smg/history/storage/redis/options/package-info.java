/** What can be configured of the backend {@code redis}. */
package org.smg.history.storage.redis.options;
