package org.smg.history.wartests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks what is tested on Open Liberty alone: its configuration, logs and health, faults that take
 * a server of their own, backends that use nothing of the server, and rules or scripts of the page
 * that are the same everywhere. The runs on other servers leave it out.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("liberty")
public @interface OnLiberty {}
