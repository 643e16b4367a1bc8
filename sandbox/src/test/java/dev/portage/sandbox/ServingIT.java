package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A model is really served, its traffic moved to a second version and taken back by a rollback, and
 * of a steady load not one request fails.
 */
@SharesTheWorld
class ServingIT {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String ENDPOINT = "served";

  private final World world = TheWorld.world();

  @Test
  void trafficIsMovedAndTakenBackAndNoRequestIsLost() throws Exception {
    Team team = Team.with("diabetes", "served");
    team.change("promotion.yaml", "batch:", "serve:\n  steps: [50]\n  soak: 4s\nbatch:");
    released(team, "first");
    assertThat(split()).containsExactly("served-1 100");

    Files.writeString(team.repository().folder().resolve("NOTES.txt"), "a second version\n");
    try (Load load = new Load()) {
      released(team, "second");
      assertThat(split()).containsExactly("served-1 0", "served-2 100");

      Commands.Result back =
          team.commands()
              .json(
                  "rollback",
                  "served",
                  "--reason",
                  "it is wrong",
                  "--by",
                  "ana@example.com",
                  "--yes");
      assertThat(back.code()).as(back.out()).isZero();
      assertThat(split()).containsExactly("served-1 100");

      load.stop();
      assertThat(load.failed).isEmpty();
      assertThat(load.sent.get()).isGreaterThan(20);
    }
  }

  private static void released(Team team, String message) throws IOException {
    String id = team.commit(message);
    Commands.Result started = team.start();
    assertThat(started.code()).as(started.out()).isEqualTo(4);
    Commands.Result end = team.approveAndWatch(id);
    assertThat(end.code()).as(end.out()).isZero();
  }

  /** What is served, by the workspace's own API. */
  private List<String> split() throws Exception {
    JsonNode endpoint =
        json(
            HTTP.send(
                request("/api/2.0/serving-endpoints/" + ENDPOINT).GET().build(),
                BodyHandlers.ofString()));
    List<String> split = new CopyOnWriteArrayList<>();
    endpoint
        .at("/config/traffic_config/routes")
        .forEach(route ->
            split.add(
                route.path("served_model_name").asText()
                    + " "
                    + route.path("traffic_percentage").asInt()));
    return split.stream().sorted().toList();
  }

  private HttpRequest.Builder request(String path) throws IOException {
    return HttpRequest.newBuilder(URI.create(world.host("prod").toString()).resolve(path))
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", "Bearer " + Files.readString(world.token("prod")).strip())
        .header("Content-Type", "application/json");
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return MAPPER.readTree(response.body());
  }

  /** Readers that never stop to ask. */
  private final class Load implements AutoCloseable {
    private final AtomicInteger sent = new AtomicInteger();
    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private final Thread thread = Thread.ofPlatform().daemon().name("load").unstarted(this::run);
    private volatile boolean stopped;

    Load() {
      thread.start();
    }

    private void run() {
      while (!stopped) {
        sent.incrementAndGet();
        try {
          HttpResponse<String> response =
              HTTP.send(
                  request("/serving-endpoints/" + ENDPOINT + "/invocations")
                      .POST(BodyPublishers.ofString(body()))
                      .build(),
                  BodyHandlers.ofString());
          if (response.statusCode() != 200
              || !MAPPER.readTree(response.body()).has("predictions")) {
            failed.add(response.statusCode() + " " + response.body());
          }
          Thread.sleep(Duration.ofMillis(200));
        } catch (IOException e) {
          failed.add(e.toString());
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    private static String body() {
      return "{\"dataframe_records\":[{\"age\":59,\"sex\":2,\"bmi\":32.1,\"bp\":101.0,"
          + "\"s1\":157.0,\"s2\":93.2,\"s3\":38.0,\"s4\":4.0,\"s5\":4.8598,\"s6\":87.0}]}";
    }

    /** After the request that is under way. */
    void stop() throws InterruptedException {
      stopped = true;
      thread.join(Duration.ofSeconds(30));
    }

    @Override
    public void close() {
      stopped = true;
    }
  }
}
