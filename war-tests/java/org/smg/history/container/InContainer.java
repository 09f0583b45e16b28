package org.smg.history.container;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.wartests.TestBackend;

/**
 * Prepares a server that keeps history in a backend, for Arquillian to run the test class in. It
 * has to stand above Arquillian's own extension, which reads where the server is.
 *
 * <p>Test classes are deployed without this annotation. Java ignores annotations whose classes are
 * missing, so that inside the server nothing is prepared.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith({PreparedServer.class, OneRunPerTemplate.class})
@interface InContainer {

  TestBackend value();
}
