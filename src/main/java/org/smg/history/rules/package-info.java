/**
 * The rules that all backends share: ids, the clock, limits, and what it means to append, to record
 * a turn and to follow a chain. What is stateless is {@code @Dependent}, so that nothing stands
 * between it and its caller.
 */
package org.smg.history.rules;
