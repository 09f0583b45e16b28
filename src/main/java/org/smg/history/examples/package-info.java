/**
 * Conversations to look at, where there are none yet. They are made as clients make theirs: by the
 * rules, from bodies of requests.
 */
package org.smg.history.examples;
