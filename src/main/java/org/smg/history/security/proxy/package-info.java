/** Proxies that are trusted to say for whom a request is, such as SMG. */
package org.smg.history.security.proxy;
