/**
 * Measures the built WAR on a real server against what the server, or the backend, can do at most.
 * Both are measured in turns in one run, so that the machine's own ups and downs meet both.
 */
package org.smg.history.bench;
