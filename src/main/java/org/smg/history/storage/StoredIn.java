package org.smg.history.storage;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Qualifier;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the {@link Storage} of one backend. */
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.FIELD, ElementType.PARAMETER})
public @interface StoredIn {

  Backend value();

  /** Selects a backend's storage at run time. */
  final class Literal extends AnnotationLiteral<StoredIn> implements StoredIn {

    private static final long serialVersionUID = 1L;

    private final Backend value;

    public Literal(Backend value) {
      this.value = value;
    }

    @Override
    public Backend value() {
      return value;
    }
  }
}
