package org.smg.history.rules;

/** What a request to make a response leads to. */
public sealed interface RunBeginning permits Run, AnsweredBefore {}
