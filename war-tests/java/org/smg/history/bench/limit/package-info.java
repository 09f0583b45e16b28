/** An application that does nothing but read and answer bodies: what the server itself can do. */
package org.smg.history.bench.limit;
