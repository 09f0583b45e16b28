/**
 * Which backend is switched on, and what wraps it: whatever it is, its operations are told to the
 * observers of the storage.
 */
package org.smg.history.storage.selection;
