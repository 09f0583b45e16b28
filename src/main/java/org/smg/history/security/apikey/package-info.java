/**
 * API keys, and the command {@code history-keys} that makes them. The command is a jar of its own,
 * so this package uses Java and {@code authentication}, and nothing else.
 */
package org.smg.history.security.apikey;
