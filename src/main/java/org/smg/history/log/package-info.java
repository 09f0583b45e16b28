/**
 * What this application says in the server's log: an {@link org.smg.history.log.Event} with fields,
 * written through {@link org.smg.history.log.EventLog} as text or as JSON, as the administrator
 * chose. Where and for how long lines are kept is the server's business. Nothing that a client sent
 * can break a line or imitate another one.
 */
package org.smg.history.log;
