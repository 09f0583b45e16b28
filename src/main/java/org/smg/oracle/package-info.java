/**
 * Oracle by alias or descriptor, with a password or a wallet. Depends on nothing but the driver, so
 * that it can sit beside it in any server.
 */
package org.smg.oracle;
