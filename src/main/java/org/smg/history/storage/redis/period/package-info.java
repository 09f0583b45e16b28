/** How long history is kept in Redis, as expiries of keys and as what is there. */
package org.smg.history.storage.redis.period;
