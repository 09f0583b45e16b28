package org.smg.history.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.smg.history.bench.limit.LimitApplication;
import org.smg.history.bench.limit.LimitResource;

/**
 * The server's own limit: a resource in a WAR beside the history that reads the same bodies and
 * answers as many bytes.
 */
final class LimitWar implements Limit {

  static final String FILE_NAME = "limit.war";

  private static final String CONTEXT_ROOT = "/limit";

  /** Deploys the WAR. */
  static final String SERVER_XML =
      "<server><webApplication id=\"limit\" location=\"%s\" contextRoot=\"%s\"/></server>"
          .formatted(FILE_NAME, CONTEXT_ROOT);

  private final Load load;

  LimitWar(Load load) {
    this.load = load;
  }

  /** The WAR itself. */
  static byte[] content() throws IOException {
    ByteArrayOutputStream war = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(war)) {
      for (Class<?> type : List.of(LimitApplication.class, LimitResource.class)) {
        String path = type.getName().replace('.', '/') + ".class";
        zip.putNextEntry(new ZipEntry("WEB-INF/classes/" + path));
        try (InputStream compiled = type.getClassLoader().getResourceAsStream(path)) {
          compiled.transferTo(zip);
        }
      }
    }
    return war.toByteArray();
  }

  @Override
  public Measurement run(List<List<Request>> requests, Duration duration)
      throws IOException, InterruptedException {
    int answer = load.once(requests.get(0).get(0)).getBytes(StandardCharsets.UTF_8).length;
    String path = CONTEXT_ROOT + "/" + answer;
    return load.run(
        requests.stream()
            .map(own -> own.stream().map(request -> request.to(path)).toList())
            .toList(),
        duration);
  }
}
