package dev.portage.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.candidate.ModelLocation;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All tools on one shape, one after the other, round by round, so that whatever slows the machine
 * for a while slows all of them. The order changes with each round, since each tool affects the
 * next one. The first round is a warm-up and does not count.
 */
final class Rounds {
  private static final List<Integer> CONCURRENCIES = List.of(1, 2, 4, 8, 16);
  private static final String SIZES = "source once, target written once";
  private static final String FULL = SIZES + ", target read once";
  private static final String ALL = "source twice, target written once, target read once";

  private final Fixture fixture;
  private final Shape shape;
  private final Consumer<String> progress;
  private final @Nullable Path profile;
  private int copies;

  /** Portage's last response, which includes its peak memory. */
  private JsonNode last = Payloads.mapper().createObjectNode();

  /**
   * Rounds of one shape.
   *
   * @param profile where a recording of Portage's process goes, null for none
   */
  Rounds(Fixture fixture, Shape shape, Consumer<String> progress, @Nullable Path profile) {
    this.fixture = fixture;
    this.shape = shape;
    this.progress = progress;
    this.profile = profile;
  }

  /**
   * The result.
   *
   * @param streams threads of the plain streams, the best of those tried
   * @param residentBytes the most memory that Portage's process had
   * @param heapBytes the most of it that was heap
   */
  record Outcome(Shape shape, List<Line> lines, int streams, long residentBytes, long heapBytes) {}

  /**
   * Runs them.
   *
   * @param rounds that count
   * @param transfers that Portage has in flight at most
   * @param scripts folder of the rivals' Python
   * @param exportImport Python that has mlflow-export-import, null for none
   */
  Outcome run(int rounds, int transfers, Path scripts, @Nullable Path exportImport)
      throws IOException {
    Line limit = new Line("plain streams, the limit", SIZES);
    Line digesting = new Line("plain streams, with SHA-256", SIZES);
    Line sizes = new Line("Portage, verify: sizes", SIZES);
    Line full = new Line("Portage, verify: full", FULL);
    Line all = new Line("Portage, manifest and verify: full", ALL);
    Line client = new Line("mlflow client", "source once, disk, target written once");
    Line transfer =
        new Line("mlflow-export-import 1.2.0", "source once, disk, target written once");
    ModelLocation model = fixture.model(shape);
    Path scratch = fixture.scratch();
    try (LineProcess portage =
            new LineProcess(
                PortageProcess.command(fixture.source(), fixture.target(), transfers, profile),
                Map.of(),
                scratch.resolve("portage.log"));
        LineProcess python =
            new LineProcess(
                List.of(fixture.python().toString(), scripts.resolve("client.py").toString()),
                Fixture.environment(),
                scratch.resolve("client.log"));
        Rival rival = Rival.start(exportImport, scripts, fixture)) {
      JsonNode manifest = portage.ask(portageOrder(model, null, "")).path("manifest");
      int streams = bestOfStreams(model);
      List<Contestant> contestants =
          new ArrayList<>(
              List.of(
                  counts -> add(limit, counts, lap(() -> plain(model, streams, false))),
                  counts -> add(digesting, counts, lap(() -> plain(model, streams, true))),
                  counts ->
                      add(
                          sizes,
                          counts,
                          lap(() -> seconds(portage(portage, model, manifest, "SIZES")))),
                  counts -> {
                    Lap made = lap(() -> seconds(portage.ask(portageOrder(model, null, ""))));
                    Lap copied = lap(() -> seconds(portage(portage, model, manifest, "FULL")));
                    add(full, counts, copied);
                    add(all, counts, made.and(copied));
                  },
                  counts -> add(client, counts, lap(() -> python(python, model)))));
      if (rival.isThere()) {
        contestants.add(counts -> add(transfer, counts, lap(() -> rival.copy(model, shape))));
      }
      for (int round = 0; round <= rounds; round++) {
        boolean counts = round > 0;
        progress.accept(shape.name() + ": " + (counts ? "round " + round : "warming up"));
        Collections.shuffle(contestants, new Random(round));
        for (Contestant contestant : contestants) {
          contestant.compete(counts);
        }
      }
      List<Line> lines = new ArrayList<>(List.of(limit, digesting, sizes, full, all, client));
      if (rival.isThere()) {
        lines.add(transfer);
      }
      return new Outcome(
          shape,
          lines,
          streams,
          last.path("residentBytes").asLong(),
          last.path("heapBytes").asLong());
    } finally {
      fixture.forget(model);
    }
  }

  /** One contestant in one round. */
  private record Lap(double seconds, double serverSeconds) {
    private Lap and(Lap other) {
      return new Lap(seconds + other.seconds, serverSeconds + other.serverSeconds);
    }
  }

  @FunctionalInterface
  private interface Contestant {
    /** Takes its turn in a round. */
    void compete(boolean counts) throws IOException;
  }

  @FunctionalInterface
  interface Method {
    /** Copies once; answers the seconds it took. */
    double copy() throws IOException;
  }

  private Lap lap(Method way) throws IOException {
    Fixture.settleDisk();
    double before = fixture.serverSeconds();
    double seconds = way.copy();
    return new Lap(seconds, fixture.serverSeconds() - before);
  }

  private static double seconds(JsonNode answer) {
    return answer.path("seconds").asDouble();
  }

  private void add(Line line, boolean counts, Lap lap) {
    progress.accept(
        String.format(
            Locale.ROOT,
            "  %-36s %8.2f s, servers %.2f s",
            line.name(),
            lap.seconds(),
            lap.serverSeconds()));
    if (counts) {
      line.seconds().add(lap.seconds());
      line.serverSeconds().add(lap.serverSeconds());
    }
  }

  private int bestOfStreams(ModelLocation model) throws IOException {
    plain(model, CONCURRENCIES.getLast(), false);
    int best = 1;
    double least = Double.MAX_VALUE;
    for (int streams : CONCURRENCIES) {
      double seconds = Math.min(plain(model, streams, false), plain(model, streams, false));
      progress.accept(String.format(Locale.ROOT, "  %2d plain streams %8.2f s", streams, seconds));
      if (seconds < least) {
        best = streams;
        least = seconds;
      }
    }
    return best;
  }

  private double plain(ModelLocation model, int streams, boolean digesting) throws IOException {
    String folder = "plain/" + ++copies;
    double seconds =
        PlainStreams.copy(
            artifacts(
                fixture.source(), model.experimentId() + "/" + model.runId() + "/artifacts/model"),
            artifacts(fixture.target(), folder),
            files().toList(),
            streams,
            digesting);
    fixture.forget("plain", String.valueOf(copies));
    return seconds;
  }

  private static URI artifacts(URI server, String folder) {
    return URI.create(server + "/api/2.0/mlflow-artifacts/artifacts/" + folder);
  }

  private Stream<String> files() {
    return Stream.concat(
        Stream.of("MLmodel"),
        IntStream.range(0, shape.files()).mapToObj("part-%05d.bin"::formatted));
  }

  private JsonNode portage(
      LineProcess portage, ModelLocation model, JsonNode manifest, String verify)
      throws IOException {
    JsonNode copied = portage.ask(portageOrder(model, manifest, verify));
    last = copied;
    fixture.forget(fixture.targetExperiment("/benchmark/portage"), copied.path("run").asText());
    return copied;
  }

  private ObjectNode portageOrder(ModelLocation model, @Nullable JsonNode manifest, String verify) {
    ObjectNode order = LineProcess.order();
    order.set("model", Payloads.mapper().valueToTree(model));
    if (manifest != null) {
      order.set("manifest", manifest);
      order
          .put("experiment", "/benchmark/portage")
          .put("verify", verify)
          .put("key", shape.name() + " " + ++copies);
    }
    return order;
  }

  private double python(LineProcess python, ModelLocation model) throws IOException {
    String experiment = fixture.targetExperiment("/benchmark/client");
    JsonNode copied =
        python.ask(
            LineProcess.order()
                .put("source", fixture.source().toString())
                .put("target", fixture.target().toString())
                .put("run", model.runId())
                .put("experiment", experiment)
                .put("scratch", fixture.scratch().toString()));
    fixture.forget(experiment, copied.path("run").asText());
    return copied.path("seconds").asDouble();
  }

  /** Seconds of each of some copies by Portage alone, with a manifest given and sizes compared. */
  static double alone(Fixture fixture, Shape shape, int transfers, int times) throws IOException {
    ModelLocation model = fixture.model(shape);
    Rounds rounds = new Rounds(fixture, shape, _ -> {}, null);
    try (LineProcess portage =
        new LineProcess(
            PortageProcess.command(fixture.source(), fixture.target(), transfers, null),
            Map.of(),
            fixture.scratch().resolve("portage.log"))) {
      JsonNode manifest = portage.ask(rounds.portageOrder(model, null, "")).path("manifest");
      Line line = new Line(shape.name(), SIZES);
      for (int i = 0; i < times; i++) {
        line.seconds()
            .add(rounds.portage(portage, model, manifest, "SIZES").path("seconds").asDouble());
      }
      return line.median();
    } finally {
      fixture.forget(model);
    }
  }
}
