package dev.portage.sandbox.failures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks the registry again and again which version is in Production, as who scores with it does, and
 * remembers each change of the answer.
 */
public final class ChampionWatch implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final URI question;
  private final List<String> seen = new ArrayList<>();
  private final CountDownLatch enough = new CountDownLatch(1);
  private final Thread thread;

  /** Watches a model from now on. */
  ChampionWatch(URI mlflow, String model) {
    this.question =
        mlflow.resolve(
            "/api/2.0/mlflow/registered-models/get?name="
                + URLEncoder.encode(model, StandardCharsets.UTF_8));
    look();
    this.thread = Thread.startVirtualThread(this::watch);
  }

  private void watch() {
    try {
      while (!enough.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    String now = ask();
    synchronized (seen) {
      if (seen.isEmpty() || !seen.getLast().equals(now)) {
        seen.add(now);
      }
    }
  }

  /** Versions in Production with a comma between, "none", or what else came back. */
  private String ask() {
    try {
      HttpResponse<String> answer =
          HTTP.send(
              HttpRequest.newBuilder(question).timeout(Duration.ofSeconds(30)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        return "status " + answer.statusCode();
      }
      List<String> versions = new ArrayList<>();
      for (JsonNode version :
          MAPPER.readTree(answer.body()).path("registered_model").path("latest_versions")) {
        if (version.path("current_stage").asText().equals("Production")) {
          versions.add(version.path("version").asText());
        }
      }
      return versions.isEmpty() ? "none" : String.join(",", versions);
    } catch (IOException e) {
      return "no answer: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** Looks a last time, and returns what was seen, each change once, oldest first. */
  List<String> end() {
    close();
    look();
    synchronized (seen) {
      return List.copyOf(seen);
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
