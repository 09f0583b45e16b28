/**
 * Accepts every write, answers as if it had been stored, and remembers nothing: applications run
 * unchanged where no history may be kept. Lists are empty, retrievals find nothing.
 */
package org.smg.history.storage.none;
