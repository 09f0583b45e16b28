/**
 * Users whom the server itself knows: by its realm, such as LDAP, its single sign-on, or client
 * certificates.
 */
package org.smg.history.security.container;
