package dev.portage.sandbox.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Free ports of 127.0.0.1. */
public final class Ports {

  private Ports() {}

  /**
   * A port for each name: the one that the file remembers if it is still free, so that links in an
   * old history still work, else any free one. All are held until the last is found, so none is
   * assigned twice.
   *
   * @throws IOException when there is no free port
   */
  public static Map<String, Integer> take(Path file, List<String> names) throws IOException {
    Properties known = new Properties();
    if (Files.exists(file)) {
      try (var reader = Files.newBufferedReader(file)) {
        known.load(reader);
      } catch (IllegalArgumentException e) {
        known.clear();
      }
    }
    Map<String, ServerSocket> held = new LinkedHashMap<>();
    Map<String, Integer> ports = new LinkedHashMap<>();
    try {
      for (String name : names) {
        held.put(name, hold(known.getProperty(name)));
      }
      held.forEach((name, socket) -> ports.put(name, socket.getLocalPort()));
    } finally {
      for (ServerSocket socket : held.values()) {
        socket.close();
      }
    }
    Properties now = new Properties();
    ports.forEach((name, port) -> now.setProperty(name, Integer.toString(port)));
    try (var writer = Files.newBufferedWriter(file)) {
      now.store(writer, "Ports of the last start.");
    }
    return ports;
  }

  /** Any free port. */
  public static int free() throws IOException {
    try (ServerSocket socket = open(0)) {
      return socket.getLocalPort();
    }
  }

  private static ServerSocket hold(@org.jspecify.annotations.Nullable String known)
      throws IOException {
    if (known != null && known.matches("[1-9]\\d{3,4}")) {
      try {
        return open(Integer.parseInt(known));
      } catch (IOException | IllegalArgumentException e) {
        // Someone else's by now.
      }
    }
    return open(0);
  }

  private static ServerSocket open(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      return socket;
    } catch (IOException | IllegalArgumentException e) {
      socket.close();
      throw e;
    }
  }
}
