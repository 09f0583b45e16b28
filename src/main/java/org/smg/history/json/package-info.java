/**
 * The wire format, and the only place that touches a JSON library: bytes become drafts, and records
 * become bytes. A body is read once, from front to back. What is stored of it is cut out of its
 * bytes, and what has to be completed is put in between (see {@link org.smg.history.json.Edits}),
 * so that everything else stays as it was sent. The codec makes no ids and no times, and it knows
 * no limit but the depth of nesting.
 */
package org.smg.history.json;
