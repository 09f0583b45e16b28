package org.smg.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ApplicationWatchTest {

  /**
   * {@code mvn liberty:run} serves the history from the folder of all classes, where an annotation
   * would make this listener a part of it. There is no history.war there, so it would end the
   * server.
   */
  @Test
  void itIsNotDeclaredByAnAnnotation() {
    assertThat(ApplicationWatch.class.getAnnotations()).isEmpty();
  }
}
