package dev.portage.localworkspace;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Steady requests of several clients to one address; counts what they get. */
final class Load implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Thread> clients = new ArrayList<>();
  private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile boolean over;

  /** Begins. */
  Load(URI url, String token, String body, int clients) {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(Duration.ofMinutes(1))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    for (int i = 0; i < clients; i++) {
      this.clients.add(Thread.ofVirtual().start(() -> ask(request)));
    }
  }

  private void ask(HttpRequest request) {
    while (!over) {
      try {
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() == 200 && answer.body().startsWith("{\"predictions\"")) {
          answers.computeIfAbsent(answer.body(), any -> new AtomicInteger()).incrementAndGet();
        } else {
          failures.add(answer.statusCode() + " " + answer.body());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (java.io.IOException e) {
        failures.add(e.toString());
      }
      answered.incrementAndGet();
    }
  }

  /** Waits until so many more were answered. */
  void await(int more) throws InterruptedException {
    int wanted = answered.get() + more;
    long until = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (answered.get() < wanted) {
      if (System.nanoTime() > until) {
        throw new AssertionError("only " + answered.get() + " requests were answered");
      }
      Thread.sleep(10);
    }
  }

  /** What failed so far, by status and body. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** How often each answer came. */
  Map<String, Integer> answers() {
    Map<String, Integer> counts = new ConcurrentHashMap<>();
    answers.forEach((answer, count) -> counts.put(answer, count.get()));
    return counts;
  }

  /** Waits until the last request is answered; none follows. */
  void end() throws InterruptedException {
    over = true;
    for (Thread client : clients) {
      client.join();
    }
  }

  @Override
  public void close() {
    over = true;
    http.close();
  }
}
