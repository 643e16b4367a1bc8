package dev.portage.sandbox.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Free ports of 127.0.0.1, below those that systems give to outgoing connections: any process may
 * be given one of those in the moment between the choice and the server's start.
 */
public final class Ports {
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 31_999;
  private static final int TRIES = 200;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Pattern KNOWN = Pattern.compile("[1-9]\\d{3,4}");

  private Ports() {}

  /**
   * A port for each name: the one that the file remembers if it is still free, so that links in an
   * old history still work, else any free one. All are held until the last is found, so none is
   * assigned twice.
   *
   * @param wait how long to wait at most for those of the file to be free: servers of a sandbox
   *     that was killed are still ending
   * @throws IOException when there is no free port
   */
  public static Map<String, Integer> take(Path file, List<String> names, Duration wait)
      throws IOException {
    long deadline = System.nanoTime() + wait.toNanos();
    Properties known = read(file);
    Map<String, ServerSocket> held = new LinkedHashMap<>();
    Map<String, Integer> ports = new LinkedHashMap<>();
    try {
      for (String name : names) {
        held.put(name, hold(known.getProperty(name), deadline));
      }
      held.forEach((name, socket) -> ports.put(name, socket.getLocalPort()));
    } finally {
      for (ServerSocket socket : held.values()) {
        socket.close();
      }
    }
    Properties now = new Properties();
    ports.forEach((name, port) -> now.setProperty(name, Integer.toString(port)));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (var writer = Files.newBufferedWriter(fresh)) {
      now.store(writer, "Ports of the last start.");
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return ports;
  }

  /** Any free port. */
  public static int free() throws IOException {
    try (ServerSocket socket = any()) {
      return socket.getLocalPort();
    }
  }

  /** What the file remembers, by name; empty where there is none. */
  public static Map<String, Integer> known(Path file) throws IOException {
    Map<String, Integer> ports = new LinkedHashMap<>();
    read(file)
        .forEach((name, port) -> {
          if (KNOWN.matcher(port.toString()).matches()) {
            ports.put(name.toString(), Integer.valueOf(port.toString()));
          }
        });
    return ports;
  }

  private static Properties read(Path file) throws IOException {
    Properties known = new Properties();
    if (Files.exists(file)) {
      try (var reader = Files.newBufferedReader(file)) {
        known.load(reader);
      } catch (IllegalArgumentException e) {
        known.clear();
      }
    }
    return known;
  }

  private static ServerSocket any() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      try {
        return open(ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1));
      } catch (IOException e) {
        // Someone else's.
      }
    }
    return open(0);
  }

  private static ServerSocket hold(@Nullable String known, long deadline) throws IOException {
    if (known == null || !KNOWN.matcher(known).matches()) {
      return any();
    }
    while (true) {
      try {
        return open(Integer.parseInt(known));
      } catch (IOException | IllegalArgumentException e) {
        if (System.nanoTime() >= deadline) {
          // Taken by another program by now.
          return any();
        }
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while ports were chosen", e);
      }
    }
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
