package org.smg.history.model;

/**
 * One immutable entry of a conversation or response: a message, a tool call, reasoning, or anything
 * else that a model server comes up with.
 *
 * @param id unique in its conversation; up to 255 characters
 * @param type the open-ended kind, such as {@code message}
 * @param json the whole object, {@code id} and {@code type} included
 */
public record Item(String id, String type, JsonText json) implements ItemInput {}
