/**
 * By what a request is found again: its id, its trace, and the route, tenant and ids that log lines
 * and spans name it by. The only place that touches OpenTelemetry.
 */
package org.smg.history.api.trace;
