package org.smg.history.wartests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands out the browser that all tests of the console share. Where there is none they are left out,
 * unless the environment has {@code CI=true}: then they fail.
 */
final class Chromium implements ParameterResolver, ExecutionCondition {

  private static final Logger LOG = Logger.getLogger(Chromium.class.getName());
  private static final Namespace NAMESPACE = Namespace.create(Chromium.class);

  /** Where Debian's packages have them. */
  private static final Path BROWSER = Path.of("/usr/bin/chromium");

  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  private static final String NONE =
      "The console was not tested: there is no %s, or no %s. On Debian: apt-get install chromium"
              .formatted(BROWSER, DRIVER)
          + " chromium-driver";

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (List.of(BROWSER, DRIVER).stream().allMatch(Files::isExecutable)) {
      return ConditionEvaluationResult.enabled("there is a browser");
    }
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(NONE);
    }
    LOG.log(Level.WARNING, "{0}: {1}", new Object[] {context.getDisplayName(), NONE});
    return ConditionEvaluationResult.disabled(NONE);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Browser.class;
  }

  @Override
  public Browser resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(Browser.class, type -> Browser.start(BROWSER, DRIVER), Browser.class);
  }
}
