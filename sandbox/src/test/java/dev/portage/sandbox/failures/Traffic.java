package dev.portage.sandbox.failures;

import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Requests to an endpoint in prod that never stop, as callers send them: past the gate, so that
 * faults strike Portage alone. It remembers which served version answered, and what failed.
 */
public final class Traffic implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** A version may be told to be slow. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private static final int MOST_SHOWN = 300;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final HttpRequest request;
  private final Map<String, Integer> answered = new TreeMap<>();
  private final List<String> failed = new ArrayList<>();
  private final CountDownLatch enough = new CountDownLatch(1);
  private final Thread thread;

  /**
   * What came of all requests.
   *
   * @param answered how many were answered, by names of served versions
   * @param failed what came back of those that failed, in order
   */
  public record Came(Map<String, Integer> answered, List<String> failed) {
    public Came {
      answered = Map.copyOf(answered);
      failed = List.copyOf(failed);
    }

    /** How many were answered. */
    public int sum() {
      return answered.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /**
   * Sends from now on.
   *
   * @param body of each request
   */
  public Traffic(World world, String endpoint, String body) throws IOException {
    URI host = world.workspace("prod").host();
    this.request =
        HttpRequest.newBuilder(host.resolve("/serving-endpoints/" + endpoint + "/invocations"))
            .timeout(LONGEST)
            .header("Authorization", "Bearer " + Files.readString(world.token("prod")).strip())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    this.thread = Thread.startVirtualThread(this::run);
  }

  private void run() {
    try {
      do {
        send();
      } while (!enough.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send() throws InterruptedException {
    String problem;
    String by = "";
    try {
      HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
      by = response.headers().firstValue("served-model-name").orElse("");
      boolean good = response.statusCode() == 200 && response.body().contains("\"predictions\"");
      String said = by + " " + response.statusCode() + " " + response.body();
      problem = good ? "" : said.substring(0, Math.min(MOST_SHOWN, said.length()));
    } catch (IOException e) {
      problem = "no answer: " + e;
    }
    synchronized (answered) {
      if (problem.isEmpty()) {
        answered.merge(by, 1, Integer::sum);
      } else {
        failed.add(problem);
      }
    }
  }

  /** How many requests a served version has answered so far. */
  public int answeredBy(String served) {
    synchronized (answered) {
      return answered.getOrDefault(served, 0);
    }
  }

  /** Sends no more, and returns what came of all, once the last is answered. */
  public Came end() {
    close();
    synchronized (answered) {
      return new Came(answered, failed);
    }
  }

  @Override
  public void close() {
    enough.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
