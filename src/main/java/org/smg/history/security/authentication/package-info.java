/**
 * Who makes a request: what a credential is, and whom it stands for. It knows the request by {@link
 * org.smg.history.security.authentication.Sender} alone.
 */
package org.smg.history.security.authentication;
