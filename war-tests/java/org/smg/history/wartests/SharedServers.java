package org.smg.history.wartests;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Hands out one server per backend. It is started when it is first asked for and closed by JUnit at
 * the end of the run, since a start costs more than most test classes.
 */
final class SharedServers implements ArgumentsProvider, AnnotationConsumer<ServedBy> {

  private static final Namespace NAMESPACE = Namespace.create(SharedServers.class);

  private TestBackend[] backends;
  private boolean withModelServer;

  @Override
  public void accept(ServedBy annotation) {
    backends = annotation.value();
    withModelServer = annotation.withModelServer();
  }

  @Override
  public Stream<Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) {
    return Arrays.stream(backends)
        .filter(SharedServers::isServed)
        .map(backend -> server(context.getRoot().getStore(NAMESPACE), backend))
        .map(Arguments::of);
  }

  private AutoCloseable server(ExtensionContext.Store started, TestBackend backend) {
    return withModelServer
        ? started.computeIfAbsent(
            "gateway of " + backend, any -> GatewayServer.start(backend), GatewayServer.class)
        : started.computeIfAbsent(backend, TestBackend::start, ApplicationServer.class);
  }

  /** Redis uses nothing of the server, so one server is enough. */
  private static boolean isServed(TestBackend backend) {
    return backend != TestBackend.REDIS || TestServer.chosen() == TestServer.LIBERTY;
  }
}
