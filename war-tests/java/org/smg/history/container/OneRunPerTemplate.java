package org.smg.history.container;

import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Sends a parametrized test to the server once. Arquillian asks the server for a method by its
 * name, upon which the server runs it with all its arguments; and it would ask again for each of
 * them. So all invocations of a parametrized test have the outcome of this one run: if one argument
 * fails in the server, they all fail here.
 */
final class OneRunPerTemplate implements InvocationInterceptor {

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    Store template =
        context.getParent().orElseThrow().getStore(Namespace.create(OneRunPerTemplate.class));
    Outcome outcome = template.get(Outcome.class, Outcome.class);
    if (outcome == null) {
      outcome = run(invocation);
      template.put(Outcome.class, outcome);
    } else {
      invocation.skip();
    }
    if (outcome.failure().isPresent()) {
      throw outcome.failure().get();
    }
  }

  private static Outcome run(Invocation<Void> invocation) {
    try {
      invocation.proceed();
      return new Outcome(Optional.empty());
    } catch (Throwable failure) {
      return new Outcome(Optional.of(failure));
    }
  }

  private record Outcome(Optional<Throwable> failure) {}
}
