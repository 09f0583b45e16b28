/** Tests of the built WAR on a real server. */
package org.smg.history.wartests;
