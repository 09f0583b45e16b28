/**
 * Chat history for LLM applications: conversations, items, responses and feedback, over HTTP.
 * Comments that cite "api.md" mean {@code src/docs/api.md}, which describes the API.
 */
package org.smg.history;
