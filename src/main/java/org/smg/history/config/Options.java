package org.smg.history.config;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Function;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * What the administrator chose. Faults are collected while options are read, so that all faults of
 * a start are told at once.
 */
@ApplicationScoped
public class Options {

  private final Function<String, Optional<String>> source;
  private final Set<String> faults = new CopyOnWriteArraySet<>();

  /** Reads from the server's environment, variables and system properties. */
  public Options() {
    this(name -> ConfigProvider.getConfig().getOptionalValue(name, String.class));
  }

  /** Reads from the given source, which is asked by property name and by alias. */
  public Options(Function<String, Optional<String>> source) {
    this.source = source;
  }

  /**
   * The value of an option. Where it cannot be used, the fault is kept for {@link #check} and the
   * answer is the default.
   */
  public <T> T get(Option<T> option) {
    Optional<String> text = Optional.empty();
    try {
      text = option.secret() ? secret(option) : plain(option.property(), option.alias());
      T value = text.map(option.parser()).orElse(option.defaultValue());
      option.check().accept(value);
      return value;
    } catch (IllegalArgumentException fault) {
      String value = text.isEmpty() || option.secret() ? "" : quoted(text.get());
      refuse(option, value + fault.getMessage());
      return option.defaultValue();
    }
  }

  private Optional<String> plain(String property, Optional<String> alias) {
    return source.apply(property).or(() -> alias.flatMap(source)).map(String::strip);
  }

  private Optional<String> secret(Option<?> option) {
    Optional<String> value = plain(option.property(), option.alias());
    Optional<String> file = plain(option.fileProperty(), option.fileAlias());
    if (value.isPresent() && file.isPresent()) {
      throw new IllegalArgumentException(
          "set beside %s; one of them".formatted(option.fileProperty()));
    }
    return file.map(SecretFile::read).or(() -> value.map(text -> decoded(option.property(), text)));
  }

  private static String decoded(String property, String text) {
    return EncodedSecret.isOne(text) ? EncodedSecret.decoded(property) : text;
  }

  /** On one line, whatever is in it. */
  private static String quoted(String text) {
    return "'" + text.replaceAll("\\p{Cntrl}", "?") + "' ";
  }

  /**
   * Adds a fault that shows only when options are seen together.
   *
   * @param fault what is wrong and what is allowed, without any secret
   */
  public void refuse(Option<?> option, String fault) {
    refuse(option.property() + ": " + fault);
  }

  /**
   * Adds a fault.
   *
   * @param line names the option, its fault and what is allowed, without any secret
   */
  public void refuse(String line) {
    faults.add(line);
  }

  /**
   * @throws InvalidOptions if any option that was read cannot be used
   */
  public void check() {
    if (!faults.isEmpty()) {
      throw new InvalidOptions(faults);
    }
  }
}
