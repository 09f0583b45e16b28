package org.smg.oracle;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/** Stands for Oracle's listener: reads what a client asks for, and gives one answer to all. */
public final class ListenerStub implements AutoCloseable {

  /** What clients get as an answer. */
  public enum Answer {
    /** A refusal: no such service. */
    REFUSE,
    /** The session is accepted, and the connection closed. */
    HANG_UP,
    /** The session is accepted, and nothing follows. */
    HANG,
    /** An acceptance that lacks fields; the driver fails on it with an unchecked exception. */
    TOO_SHORT,
    /** No answer. */
    SILENCE
  }

  private static final int HEADER = 8;
  private static final int CONNECT = 1;
  private static final int ACCEPT = 2;
  private static final int REFUSE = 4;
  private static final int DATA = 6;

  /** The largest connect data, in bytes, that a client sends within its first packet. */
  private static final int IN_CONNECT = 230;

  private static final int NO_SUCH_SERVICE = 12514;
  private static final short VERSION = 318;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final ServerSocket socket;
  private volatile Answer answer;

  public ListenerStub(Answer answer) throws IOException {
    this(answer, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  /** Speaks TCPS. */
  public ListenerStub(Answer answer, SSLContext tls) throws IOException {
    this(
        answer,
        tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  private ListenerStub(Answer answer, ServerSocket socket) {
    this.answer = answer;
    this.socket = socket;
    Thread listener = new Thread(this::listen, "listener-stub");
    listener.setDaemon(true);
    listener.start();
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** Changes the answer that is given from now on. */
  public void answer(Answer next) {
    answer = next;
  }

  /** What clients asked for: a connect descriptor each. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  private void listen() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        open.add(client);
        Thread conversation = new Thread(() -> serve(client), "listener-stub-client");
        conversation.setDaemon(true);
        conversation.start();
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try {
      if (answer == Answer.SILENCE) {
        return;
      }
      DataInputStream in = new DataInputStream(client.getInputStream());
      asked.add(connectData(in));
      switch (answer) {
        case REFUSE -> {
          client.getOutputStream().write(refusal());
          client.close();
        }
        case HANG_UP -> {
          client.getOutputStream().write(acceptance());
          client.close();
        }
        case HANG -> client.getOutputStream().write(acceptance());
        case TOO_SHORT -> {
          client.getOutputStream().write(tooShort());
          client.close();
        }
        case SILENCE -> {}
      }
    } catch (IOException gone) {
      // The client has closed the connection.
    }
  }

  private static String connectData(DataInputStream in) throws IOException {
    ByteBuffer connect = packet(in, CONNECT);
    int length = connect.getShort(24) & 0xffff;
    if (length <= IN_CONNECT) {
      return text(connect, connect.getShort(26) & 0xffff);
    }
    return text(packet(in, DATA), HEADER + 2);
  }

  private static ByteBuffer packet(DataInputStream in, int type) throws IOException {
    byte[] header = in.readNBytes(HEADER);
    if (header.length < HEADER || header[4] != type) {
      throw new IOException("Not a packet of type " + type);
    }
    int length = ByteBuffer.wrap(header).getShort(0) & 0xffff;
    ByteBuffer packet = ByteBuffer.allocate(length).put(header);
    return packet.put(in.readNBytes(length - HEADER)).flip();
  }

  private static String text(ByteBuffer packet, int from) {
    return new String(packet.array(), from, packet.limit() - from, StandardCharsets.US_ASCII);
  }

  private static byte[] refusal() {
    byte[] reason =
        "(DESCRIPTION=(TMP=)(VSNNUM=0)(ERR=%1$d)(ERROR_STACK=(ERROR=(CODE=%1$d)(EMFI=4))))"
            .formatted(NO_SUCH_SERVICE)
            .getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(12 + reason.length)
        .putShort((short) (12 + reason.length))
        .putShort((short) 0)
        .put((byte) REFUSE)
        .put(new byte[3])
        .put((byte) 34)
        .put((byte) 0)
        .putShort((short) reason.length)
        .put(reason)
        .array();
  }

  private static byte[] acceptance() {
    ByteBuffer packet = ByteBuffer.allocate(45);
    packet.putShort(0, (short) 45).put(4, (byte) ACCEPT);
    packet.putShort(8, VERSION).putShort(12, (short) 8192).putShort(14, (short) 8192);
    packet.putShort(16, (short) 1).putShort(20, (short) 45);
    packet.putInt(32, 8192).putInt(36, 8192);
    return packet.array();
  }

  private static byte[] tooShort() {
    ByteBuffer packet = ByteBuffer.allocate(12);
    packet.putShort(0, (short) 12).put(4, (byte) ACCEPT).putShort(8, VERSION);
    return packet.array();
  }

  @Override
  public void close() {
    try {
      socket.close();
      for (Socket client : open) {
        client.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
