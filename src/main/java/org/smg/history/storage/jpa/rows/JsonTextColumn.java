package org.smg.history.storage.jpa.rows;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.smg.history.model.JsonText;

/** JSON as the text that the client sent. */
@Converter(autoApply = true)
public final class JsonTextColumn implements AttributeConverter<JsonText, String> {

  @Override
  public String convertToDatabaseColumn(JsonText json) {
    return json == null ? null : json.toString();
  }

  @Override
  public JsonText convertToEntityAttribute(String column) {
    return column == null ? null : JsonText.of(column);
  }
}
