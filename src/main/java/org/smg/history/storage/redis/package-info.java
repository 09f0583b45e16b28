/**
 * History in Redis that expires, on one server, behind Sentinel or on a Cluster; the only home of
 * Jedis. All keys of a conversation share a slot, and one script there is what commits. What lies
 * in other slots and points there is written before it, and whoever follows it checks what it
 * finds.
 */
package org.smg.history.storage.redis;
