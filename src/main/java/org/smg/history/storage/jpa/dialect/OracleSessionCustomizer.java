package org.smg.history.storage.jpa.dialect;

import java.util.Set;
import org.eclipse.persistence.config.SessionCustomizer;
import org.eclipse.persistence.mappings.DatabaseMapping;
import org.eclipse.persistence.mappings.DirectToFieldMapping;
import org.eclipse.persistence.mappings.converters.Converter;
import org.eclipse.persistence.sessions.Session;

/**
 * Stores empty texts as {@link EmptyText} says, and tries every query once. Public because
 * EclipseLink makes it by its name.
 */
@SuppressWarnings("removal") // EclipseLink 3, on Jakarta EE 9.1, does not have its successor.
public final class OracleSessionCustomizer implements SessionCustomizer {

  /** The rows' fields with texts of clients that may be empty; ids never are. */
  private static final Set<String> POSSIBLY_EMPTY =
      Set.of("author", "endUser", "fingerprint", "model", "owner", "safetyIdentifier", "type");

  @Override
  public void customize(Session session) {
    new NoRetrySessionCustomizer().customize(session);
    session
        .getDescriptors()
        .values()
        .forEach(
            descriptor ->
                descriptor.getMappings().forEach(OracleSessionCustomizer::convertEmptyText));
  }

  private static void convertEmptyText(DatabaseMapping mapping) {
    if (POSSIBLY_EMPTY.contains(mapping.getAttributeName())) {
      ((DirectToFieldMapping) mapping).setConverter(new EmptyTextConverter());
    }
  }

  private static final class EmptyTextConverter implements Converter {

    private static final long serialVersionUID = 1L;

    @Override
    public void initialize(DatabaseMapping mapping, Session session) {}

    @Override
    public Object convertObjectValueToDataValue(Object text, Session session) {
      return EmptyText.toColumn((String) text);
    }

    @Override
    public Object convertDataValueToObjectValue(Object column, Session session) {
      return EmptyText.fromColumn((String) column);
    }

    @Override
    public boolean isMutable() {
      return false;
    }
  }
}
