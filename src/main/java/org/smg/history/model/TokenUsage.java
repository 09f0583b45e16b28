package org.smg.history.model;

/**
 * The tokens that a model call took, as the model server counted them; null where it did not.
 *
 * @param input all tokens of the input
 * @param cached those of the input that came from a cache
 * @param output all tokens of the output
 * @param reasoning those of the output that were spent on reasoning
 * @param total input and output together
 */
public record TokenUsage(Long input, Long cached, Long output, Long reasoning, Long total) {

  public static final TokenUsage UNKNOWN = new TokenUsage(null, null, null, null, null);
}
