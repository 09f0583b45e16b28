/**
 * HTTP in, HTTP out: one resource for each noun, and no rules. The paths, parameters and bodies of
 * OpenAI are read leniently, as OpenAI's clients vary; the extensions are read strictly, since a
 * filter that is misspelt and passed over would give a wrong answer.
 */
package org.smg.history.api;
