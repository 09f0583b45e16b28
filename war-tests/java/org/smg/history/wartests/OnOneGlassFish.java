package org.smg.history.wartests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Marks what is tested on Open Liberty and on one GlassFish: what both GlassFish do alike. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@EnabledIfSystemProperty(
    named = "server",
    matches = "liberty|glassfish7",
    disabledReason = "one GlassFish is enough")
@interface OnOneGlassFish {}
