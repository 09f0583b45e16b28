package org.smg.history.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.smg.history.api.error.BodyTooLarge;
import org.smg.history.config.Settings;

/**
 * Reads request bodies of any content type that means JSON in UTF-8. A body without a content type
 * is taken for one, and so is no body at all, whatever its type.
 *
 * <p>Not in a scope that has proxies: behind one, Jersey does not see which type this reads, and
 * would rather take its own reader of JSON.
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
    if (bytes.length > 0 && headers.containsKey("Content-Type") && !isJson(mediaType)) {
      throw new NotSupportedException("Content-Type " + mediaType);
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

  private static boolean isJson(MediaType type) {
    String charset = type.getParameters().getOrDefault(MediaType.CHARSET_PARAMETER, "utf-8");
    boolean json =
        type.getType().equalsIgnoreCase("application")
            && (type.getSubtype().equalsIgnoreCase("json") || type.getSubtype().endsWith("+json"));
    return json && (charset.equalsIgnoreCase("utf-8") || charset.equalsIgnoreCase("us-ascii"));
  }
}
