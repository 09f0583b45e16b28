/** Chat history for LLM applications: conversations, items, responses and feedback, over HTTP. */
package org.smg.history;
