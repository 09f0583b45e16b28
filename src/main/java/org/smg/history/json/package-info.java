/**
 * The wire format, and the only place that touches a JSON library. A request body is read once,
 * from front to back; what is stored of it is cut out of its bytes, and what has to be completed is
 * put in between (see {@link org.smg.history.json.Edits}), so that everything else stays as it was
 * sent.
 */
package org.smg.history.json;
