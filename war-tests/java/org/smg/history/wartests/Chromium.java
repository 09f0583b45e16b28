package org.smg.history.wartests;

import java.nio.file.Files;
import java.nio.file.Path;
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

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    ConditionEvaluationResult result = condition(BROWSER, DRIVER, System.getenv("CI"));
    if (result.isDisabled()) {
      LOG.log(
          Level.WARNING,
          "{0} is left out. {1}",
          new Object[] {context.getDisplayName(), result.getReason().orElseThrow()});
    }
    return result;
  }

  /**
   * @param ci the environment's {@code CI}, or null
   */
  static ConditionEvaluationResult condition(Path browser, Path driver, String ci) {
    if (Files.isExecutable(browser) && Files.isExecutable(driver)) {
      return ConditionEvaluationResult.enabled("there is a browser");
    }
    String reason =
        "The console needs a browser to be tested: there is no %s or no %s. On Debian: apt-get install"
                .formatted(browser, driver)
            + " chromium chromium-driver";
    if ("true".equals(ci)) {
      throw new AssertionError(reason);
    }
    return ConditionEvaluationResult.disabled(reason);
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
