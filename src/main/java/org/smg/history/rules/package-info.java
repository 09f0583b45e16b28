/**
 * The rules that all backends share, whoever calls: ids, the clock, every limit, what is completed
 * in what was sent, and what it means to append, to record a turn and to follow a chain. Beans
 * without state are {@code @Dependent}, so that the container puts no proxy between them and their
 * caller.
 */
package org.smg.history.rules;
