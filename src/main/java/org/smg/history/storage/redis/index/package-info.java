/** The lists of a tenant: parts of one index, from which pages are read (ADR 99). */
package org.smg.history.storage.redis.index;
