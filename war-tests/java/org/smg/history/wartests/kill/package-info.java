/**
 * Kills servers of a fleet, their database and their model server under load, and then looks for
 * what was lost.
 */
package org.smg.history.wartests.kill;
