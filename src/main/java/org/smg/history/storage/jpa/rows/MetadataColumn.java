package org.smg.history.storage.jpa.rows;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.smg.history.model.Metadata;

/** Metadata as the text of a JSON object. */
@Converter(autoApply = true)
public final class MetadataColumn implements AttributeConverter<Metadata, String> {

  @Override
  public String convertToDatabaseColumn(Metadata metadata) {
    return metadata == null ? null : JsonStrings.object(metadata.entries());
  }

  @Override
  public Metadata convertToEntityAttribute(String column) {
    return column == null ? null : new Metadata(JsonStrings.entries(column));
  }
}
