/**
 * Runs Lua scripts on Redis: the pools of connections, the scripts' files, and what a failure of
 * one means.
 */
package org.smg.history.storage.redis.script;
