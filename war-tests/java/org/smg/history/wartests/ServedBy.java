package org.smg.history.wartests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Runs a test class once for each backend given. Its constructor takes the server, which all test
 * classes of that backend share: they tell their own data apart from that of others.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@ArgumentsSource(SharedServers.class)
@interface ServedBy {

  TestBackend[] value();

  /** Whether there is a model server, too: then the constructor takes a {@link GatewayServer}. */
  boolean withModelServer() default false;
}
