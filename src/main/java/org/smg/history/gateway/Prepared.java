package org.smg.history.gateway;

/** What a request leads to, before anything is sent. */
sealed interface Prepared permits Call, ReadyAnswer {}
