/**
 * How options are declared, read and refused, and the only place that touches MicroProfile Config.
 * Each package declares its own options as constants; here are those that hold whatever the
 * backend. Values are read in code rather than injected, so that the same archive runs on servers
 * with and without MicroProfile.
 */
package org.smg.history.config;
