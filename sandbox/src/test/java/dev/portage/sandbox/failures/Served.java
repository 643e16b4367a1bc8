package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.Witness;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;

/** A tiny team's model that is served: how its file says so, and what its endpoint has to be. */
final class Served {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** A request that the model answers. */
  static final String REQUEST = "{\"dataframe_records\":[{\"x\":3.0}]}";

  private Served() {}

  /**
   * A new crew that serves, with its first release live.
   *
   * @param serve what its promotion.yaml says, a line each, below {@code serve:}
   */
  static Crew crew(String model, World world, List<String> serve) throws IOException {
    Crew crew = Crew.withoutRelease(model, world);
    try {
      crew.team()
          .change(
              "promotion.yaml",
              "rehearse: false\n",
              "rehearse: false\nserve:\n  " + String.join("\n  ", serve) + "\n");
      crew.release("First");
      return crew;
    } catch (IOException | RuntimeException | AssertionError e) {
      crew.close();
      throw e;
    }
  }

  /** Traffic for its endpoint, from now on. */
  static Traffic traffic(Crew crew) throws IOException {
    return new Traffic(TheWorld.world(), crew.model(), REQUEST);
  }

  /** Name by which a version is served. */
  static String name(Crew crew, String version) {
    return crew.model() + "-" + version;
  }

  /** The version in prod that a promotion makes next. */
  static String next(Crew crew) {
    return String.valueOf(
        crew.witness().versions("prod", crew.model()).stream()
                .map(ModelVersion::getVersion)
                .mapToInt(Integer::parseInt)
                .max()
                .orElse(0)
            + 1);
  }

  /** Fails unless all traffic goes where it went before, and nothing new is there. */
  static void isOld(Standing before, Standing after) {
    assertThat(after.traffic()).as("traffic").isEqualTo(before.traffic());
    assertThat(before.served().keySet()).as("served versions").containsAll(after.served().keySet());
  }

  /** Fails unless all traffic goes to a version, and one older at most is kept. */
  static void isNew(Crew crew, String version, Standing after) {
    assertThat(after.traffic()).as("traffic").isEqualTo(Map.of(name(crew, version), 100));
    assertThat(after.served().size()).as("served versions").isBetween(1, 2);
  }

  /** Fails unless each request was answered, by what was served before or is since. */
  static void answered(Crew crew, Traffic.Came came, Standing before) {
    assertThat(came.failed()).as("requests that failed").isEmpty();
    assertThat(came.sum()).as("requests").isPositive();
    Set<String> known = new HashSet<>(before.traffic().keySet());
    Witness witness = crew.witness();
    witness
        .versions("prod", crew.model())
        .forEach(version -> known.add(name(crew, version.getVersion())));
    assertThat(known).as("who answered").containsAll(came.answered().keySet());
  }

  /** Deletes the endpoint, as a person does. */
  static void deleteByHand(Crew crew) throws IOException {
    call("DELETE", crew.model(), "");
  }

  /** Splits the traffic between two versions, as a person does. */
  static void splitByHand(Crew crew, Map<String, Integer> shares) throws IOException {
    StringBuilder entities = new StringBuilder();
    StringBuilder routes = new StringBuilder();
    shares.forEach((name, share) -> {
      String version = name.substring(name.lastIndexOf('-') + 1);
      entities
          .append(entities.isEmpty() ? "" : ",")
          .append(
              "{\"name\":\"%s\",\"entity_name\":\"%s\",\"entity_version\":\"%s\",\"workload_size\":\"Small\",\"scale_to_zero_enabled\":false}"
                  .formatted(name, crew.model(), version));
      routes
          .append(routes.isEmpty() ? "" : ",")
          .append(
              "{\"served_model_name\":\"%s\",\"traffic_percentage\":%d}".formatted(name, share));
    });
    call(
        "PUT",
        crew.model() + "/config",
        "{\"served_entities\":[%s],\"traffic_config\":{\"routes\":[%s]}}"
            .formatted(entities, routes));
  }

  private static void call(String method, String path, String body) throws IOException {
    World world = TheWorld.world();
    URI address = world.workspace("prod").host().resolve("/api/2.0/serving-endpoints/" + path);
    try {
      HttpResponse<String> answer =
          HTTP.send(
              HttpRequest.newBuilder(address)
                  .header(
                      "Authorization", "Bearer " + Files.readString(world.token("prod")).strip())
                  .header("Content-Type", "application/json")
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
