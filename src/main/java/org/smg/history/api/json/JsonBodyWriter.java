package org.smg.history.api.json;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.smg.history.model.JsonText;

/** Streams an answer, with its length said first, so that the server need not chunk it. */
@Provider
public class JsonBodyWriter implements MessageBodyWriter<JsonBody> {

  /** The server is faster with one write of many texts than with many writes, up to this size. */
  private static final long LARGEST_WRITE = 1 << 18;

  @Override
  public boolean isWriteable(
      Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
    return type == JsonBody.class;
  }

  @Override
  public void writeTo(
      JsonBody body,
      Class<?> type,
      Type genericType,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, Object> headers,
      OutputStream out)
      throws IOException {
    headers.putSingle(HttpHeaders.CONTENT_LENGTH, body.length());
    OutputStream gathered =
        new BufferedOutputStream(out, (int) Math.min(body.length(), LARGEST_WRITE));
    for (JsonText chunk : body.chunks()) {
      chunk.writeTo(gathered);
    }
    gathered.flush();
  }
}
