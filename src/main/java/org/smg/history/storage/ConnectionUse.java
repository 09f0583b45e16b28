package org.smg.history.storage;

import java.util.OptionalLong;

/**
 * The connections to a backend at one moment, as this application knows them without asking the
 * backend.
 *
 * @param active how many operations hold one
 * @param max how many there may be, by the option
 * @param idle how many are open and free, where the pool tells
 * @param waiting how many operations wait for one, where the pool tells
 * @param waited how many were not to be had at once since the start, where that is known
 * @param refused how many were not to be had at all since the start: the pool stayed empty, or the
 *     backend could not be connected to
 */
public record ConnectionUse(
    long active,
    long max,
    OptionalLong idle,
    OptionalLong waiting,
    OptionalLong waited,
    long refused) {}
