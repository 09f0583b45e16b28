/**
 * Between a caller and a model server: what is sent to it and how its answer is relayed.
 *
 * <p>The model server is asked by {@code java.net.http} over HTTP/1.1, so that TCP alone bounds
 * what is under way. No thread waits for an answer: what arrives is passed on at once, and more is
 * asked for when the caller has taken it. HTTP on the caller's side is in {@code api}.
 *
 * <p>What is to be kept is begun as a run before the model server is asked, and ended with its
 * answer, through {@code rules}.
 */
package org.smg.history.gateway;
