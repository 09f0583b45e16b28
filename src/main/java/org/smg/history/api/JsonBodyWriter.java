package org.smg.history.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.smg.history.json.JsonBody;
import org.smg.history.model.JsonText;

/** Writes an answer with its {@code Content-Length}, so that the server does not chunk it. */
@Provider
public class JsonBodyWriter implements MessageBodyWriter<JsonBody> {

  /** Bytes of an answer up to which one write is faster than one for each of its texts. */
  private static final long LARGEST_GATHERED = 1 << 18;

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
    if (body.chunks().size() > 1 && body.length() <= LARGEST_GATHERED) {
      ByteArrayOutputStream gathered = new ByteArrayOutputStream((int) body.length());
      write(body, gathered);
      gathered.writeTo(out);
    } else {
      write(body, out);
    }
  }

  private static void write(JsonBody body, OutputStream out) throws IOException {
    for (JsonText chunk : body.chunks()) {
      chunk.writeTo(out);
    }
  }
}
