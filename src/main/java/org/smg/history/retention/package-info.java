/**
 * What is due, and who removes it: how long history is kept, the same on every backend, and the
 * background work that removes what is older.
 */
package org.smg.history.retention;
