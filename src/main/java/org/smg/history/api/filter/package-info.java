/**
 * What is done to every request before a resource sees it, and to every answer: a servlet filter
 * for each concern, so that it also holds for what JAX-RS never gets. Their order is in web.xml.
 */
package org.smg.history.api.filter;
