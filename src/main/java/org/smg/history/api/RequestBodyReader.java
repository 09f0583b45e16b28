package org.smg.history.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.List;
import org.smg.history.config.Settings;

/**
 * Reads the bodies of requests for JAX-RS.
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
    // RequestFilter leaves but two types.
    return RequestBody.read(
        in,
        mediaType == null ? null : mediaType.toString(),
        headers.getOrDefault(HttpHeaders.CONTENT_ENCODING, List.of()),
        settings.maxBodyBytes());
  }
}
