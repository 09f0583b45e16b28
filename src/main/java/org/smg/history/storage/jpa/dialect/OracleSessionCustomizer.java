package org.smg.history.storage.jpa;

import java.util.Set;
import org.eclipse.persistence.config.SessionCustomizer;
import org.eclipse.persistence.mappings.DatabaseMapping;
import org.eclipse.persistence.mappings.DirectToFieldMapping;
import org.eclipse.persistence.mappings.converters.Converter;
import org.eclipse.persistence.sessions.Session;

/** Keeps empty texts as {@link EmptyText}, and tries once. */
@SuppressWarnings("removal") // Its successor is not there in the provider's version 3.
public final class OracleSession implements SessionCustomizer {

  /** The rows' fields with texts of clients, which may be empty; an id never is. */
  private static final Set<String> MAYBE_EMPTY =
      Set.of("author", "endUser", "fingerprint", "model", "owner", "safetyIdentifier", "type");

  @Override
  public void customize(Session session) {
    new OneAttempt().customize(session);
    session
        .getDescriptors()
        .values()
        .forEach(descriptor -> descriptor.getMappings().forEach(OracleSession::convert));
  }

  private static void convert(DatabaseMapping mapping) {
    if (MAYBE_EMPTY.contains(mapping.getAttributeName())) {
      ((DirectToFieldMapping) mapping).setConverter(new Texts());
    }
  }

  private static final class Texts implements Converter {

    private static final long serialVersionUID = 1L;

    @Override
    public void initialize(DatabaseMapping mapping, Session session) {}

    @Override
    public Object convertObjectValueToDataValue(Object text, Session session) {
      return EmptyText.stored((String) text);
    }

    @Override
    public Object convertDataValueToObjectValue(Object column, Session session) {
      return EmptyText.read((String) column);
    }

    @Override
    public boolean isMutable() {
      return false;
    }
  }
}
