package org.smg.history.wartests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.StreamSupport;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A real Chromium without a window. It finds no host but the machine itself, so whatever works in
 * it works without the internet.
 */
final class Browser implements AutoCloseable {

  private static final Duration SCRIPT = Duration.ofSeconds(60);

  /** Wide enough for a list beside what was chosen in it. */
  private static final Dimension WIDE = new Dimension(1400, 1000);

  /** Kept across documents, since a page that is left takes its own variables along. */
  private static final String WATCH =
      """
      addEventListener("securitypolicyviolation", violation => console.error(
        "securitypolicyviolation: " + violation.violatedDirective + " " + violation.blockedURI));
      """;

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  static Browser start(Path browser, Path driver) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser.toFile());
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless=new",
        // The tests may run as root, in a container with little shared memory.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost");
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(driver.toFile()).build();
    ChromeDriver started = new ChromeDriver(service, options);
    started.manage().timeouts().scriptTimeout(SCRIPT);
    Browser made = new Browser(started);
    made.command("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WATCH));
    made.reset();
    return made;
  }

  /** As it was at the start: one tab, wide, light, and without anything from a test before. */
  void reset() {
    List<String> tabs = new ArrayList<>(driver.getWindowHandles());
    for (String tab : tabs.subList(1, tabs.size())) {
      driver.switchTo().window(tab).close();
    }
    driver.switchTo().window(tabs.get(0));
    driver.get("about:blank");
    driver.manage().deleteAllCookies();
    wide();
    appearance(Map.of());
    messages();
    requests();
  }

  ChromeDriver driver() {
    return driver;
  }

  /** Tells the browser something that WebDriver has no word for. */
  void command(String name, Map<String, Object> arguments) {
    driver.executeCdpCommand(name, arguments);
  }

  /** Says what the user prefers, such as {@code prefers-color-scheme}. */
  void appearance(Map<String, String> features) {
    command(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            features.entrySet().stream()
                .map(entry -> Map.of("name", entry.getKey(), "value", entry.getValue()))
                .toList()));
  }

  void wide() {
    command("Emulation.clearDeviceMetricsOverride", Map.of());
    driver.manage().window().setSize(WIDE);
  }

  /** As narrow as a telephone, which a window cannot be. */
  void width(int pixels, int height) {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", pixels, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** What pages wrote to the console or broke, since this was last asked. */
  List<String> messages() {
    return StreamSupport.stream(driver.manage().logs().get(LogType.BROWSER).spliterator(), false)
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** The addresses that pages asked for, since this was last asked. */
  List<String> requests() {
    List<String> addresses = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      JsonNode message = json(entry.getMessage()).path("message");
      if (message.path("method").asText().equals("Network.requestWillBeSent")) {
        addresses.add(message.path("params").path("request").path("url").asText());
      }
    }
    return addresses;
  }

  private static JsonNode json(String text) {
    try {
      return JsonMapper.builder().build().readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** What axe finds against WCAG 2.2, levels A and AA; nothing if all is well. */
  List<String> barriers() {
    driver.executeScript(axe());
    Object found =
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
              .then(result => done(result.violations.map(violation => violation.id + ": "
                + violation.nodes.map(node => node.target + " " + node.failureSummary).join(" | "))),
                fault => done(["axe failed: " + fault]));
            """);
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }

  private static String axe() {
    try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
