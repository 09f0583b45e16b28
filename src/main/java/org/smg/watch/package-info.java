/**
 * An application beside the history in the packaged server: ends the server when the history's own
 * code cannot run, since its WAR is missing, damaged or refused by the server. Depends on nothing
 * but Open Liberty's MBeans (ADR 87).
 */
package org.smg.watch;
