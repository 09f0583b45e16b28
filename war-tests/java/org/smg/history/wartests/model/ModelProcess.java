package org.smg.history.wartests.model;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.smg.history.FreePort;
import org.smg.history.JavaProcess;

/** The model server's process, as a test starts and kills it; always on the same port. */
public final class ModelProcess implements AutoCloseable {

  private final int port = FreePort.find();
  private final Pace pace;
  private Process process;

  private ModelProcess(Pace pace) {
    this.pace = pace;
  }

  /** Starts a model server and waits until it listens. */
  public static ModelProcess start(Pace pace) {
    ModelProcess model = new ModelProcess(pace);
    model.start();
    return model;
  }

  /** Starts it again after a kill. */
  public void start() {
    List<String> arguments = new ArrayList<>(List.of(Integer.toString(port)));
    arguments.addAll(pace.arguments());
    try {
      process = JavaProcess.of(EchoingModelServer.class, arguments.toArray(String[]::new)).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      BufferedReader said = process.inputReader();
      String line = said.readLine();
      if (!EchoingModelServer.READY.equals(line)) {
        throw new IllegalStateException("The model server did not start: " + line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** With {@code /v1}. */
  public String url() {
    return "http://localhost:" + port + "/v1";
  }

  /** Ends it as kill -9 does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
