/**
 * HTTP in, HTTP out: one resource for each noun, and no rules. On OpenAI's paths, unknown
 * parameters and members are ignored, because OpenAI's clients send different ones. On the
 * extensions they are refused: a misspelt filter that is ignored would give a wrong answer.
 */
package org.smg.history.api;
