package org.smg.history.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.List;
import org.smg.history.api.error.BodyTooLarge;
import org.smg.history.api.error.UnsupportedContentEncoding;
import org.smg.history.config.Settings;

/**
 * Reads request bodies that say they are JSON in UTF-8. A body without a content type is refused:
 * browsers send one from any page without asking the server first. No body at all is accepted,
 * whatever its type.
 *
 * <p>The bean has no scope with proxies: Jersey cannot see through a proxy which type it reads, and
 * would use its own JSON reader.
 */
@Provider
@Dependent
public class RequestBodyReader implements MessageBodyReader<RequestBody> {

  @Inject Settings settings;

  @Override
  public boolean isReadable(
      Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
    return type == RequestBody.class;
  }

  @Override
  public RequestBody readFrom(
      Class<RequestBody> type,
      Type genericType,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, String> headers,
      InputStream in) {
    byte[] bytes = read(in);
    if (bytes.length > settings.maxBodyBytes()) {
      throw new BodyTooLarge(settings.maxBodyBytes());
    }
    if (bytes.length > 0) {
      checkEncoding(headers.get(HttpHeaders.CONTENT_ENCODING));
      // RequestFilter leaves but two types.
      if (!MediaType.APPLICATION_JSON_TYPE.equals(mediaType)) {
        throw new NotSupportedException();
      }
    }
    return new RequestBody(bytes);
  }

  private byte[] read(InputStream in) {
    try {
      return in.readNBytes(settings.maxBodyBytes() + 1);
    } catch (IOException clientHungUp) {
      throw new BadRequestException(clientHungUp);
    }
  }

  private static void checkEncoding(List<String> encodings) {
    if (encodings == null) {
      return;
    }
    for (String encoding : encodings) {
      if (!encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity")) {
        throw new UnsupportedContentEncoding(encoding);
      }
    }
  }
}
