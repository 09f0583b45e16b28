/**
 * History in the heap of this server: the reference of what a backend does. Each tenant has maps of
 * its own; each conversation has a lock, under which its items are appended, removed and paged.
 * Locks are taken in one order: conversation, then response, then item index, then the queue of
 * what is given up.
 */
package org.smg.history.storage.memory;
