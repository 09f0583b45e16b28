/**
 * The one home of every option's name, default and limits, and the only place that touches
 * MicroProfile Config. Values are read in code rather than injected, so that the same archive runs
 * on servers with and without MicroProfile.
 */
package org.smg.history.config;
