package dev.portage.sandbox.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Waits until a process responds over HTTP. */
public final class Startup {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private Startup() {}

  /**
   * Returns once the process answers 200 there.
   *
   * @param name of the part, for the message
   * @throws IOException when it ends before it answers, or does not answer in time
   */
  public static void await(KeptProcess process, String name, URI health, Duration timeout)
      throws IOException {
    await(process, name, health, timeout, Duration.ofSeconds(5));
  }

  /**
   * The same for a first response that takes work itself, and must not be requested twice at once.
   */
  public static void awaitOne(KeptProcess process, String name, URI first, Duration timeout)
      throws IOException {
    await(process, name, first, timeout, timeout);
  }

  private static void await(
      KeptProcess process, String name, URI health, Duration timeout, Duration answer)
      throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    HttpRequest request = HttpRequest.newBuilder(health).timeout(answer).build();
    try (HttpClient client =
        HttpClient.newBuilder()
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(Duration.ofSeconds(2))
            .build()) {
      while (true) {
        if (!process.isAlive()) {
          throw PortTakenException.of(name + " ended while it started" + said(process));
        }
        if (answers(client, request)) {
          return;
        }
        if (System.nanoTime() > deadline) {
          throw new IOException(
              name + " did not respond within " + timeout.toSeconds() + " s" + said(process));
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + name + " started", e);
    }
  }

  private static boolean answers(HttpClient client, HttpRequest request)
      throws InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** What a process that does not come up has said last. */
  public static String said(KeptProcess process) {
    List<String> lines = LogTail.of(process.log(), 5);
    return "; the end of its log " + process.log() + ":\n  " + String.join("\n  ", lines);
  }
}
