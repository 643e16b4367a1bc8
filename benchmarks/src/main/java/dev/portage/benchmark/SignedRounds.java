package dev.portage.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.candidate.ModelLocation;
import dev.portage.http.OutboundHttp;
import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.localworkspace.LocalWorkspaceSettings;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.blobs.BlobSettings;
import dev.portage.localworkspace.rights.Right;
import dev.portage.mlflow.MlflowServer;
import dev.portage.sandbox.process.KeptProcess.Keeper;
import dev.portage.sandbox.process.MlflowServerProcess;
import dev.portage.sandbox.process.MlflowServerProcess.Artifacts;
import dev.portage.sandbox.process.Ports;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Copies between stores that issue signed URLs: Portage, and one {@code curl} per file in parallel,
 * each piping a GET into a PUT. The stores are two local workspaces in this process that serve
 * files by plain GET and PUT.
 */
final class SignedRounds {
  /** 1 GiB in files below the size from which parts are made: both sides move whole files. */
  static final Shape SHAPE = new Shape("signed", 16, 64L << 20);

  private static final String TOKEN = "benchmark-token";
  private static final long LONGEST_SECONDS = 600;

  private final Path folder;
  private final Keeper keeper;
  private final Consumer<String> progress;
  private final HttpClient client = HttpClient.newHttpClient();
  private int copies;

  SignedRounds(Fixture fixture, Consumer<String> progress) throws IOException {
    this.folder = fixture.scratch();
    this.keeper = Keeper.in(folder, fixture.python());
    this.progress = progress;
  }

  /** Runs them; answers the lines, the curls first. */
  List<Line> run(int rounds, int transfers) throws IOException {
    try (MlflowServerProcess behindSource = mlflow("signed-source");
        MlflowServerProcess behindTarget = mlflow("signed-target");
        LocalWorkspace source = workspace("source", behindSource);
        LocalWorkspace target = workspace("target", behindTarget);
        OutboundHttp http = Servers.http()) {
      MlflowServer from = Servers.workspace(http, source.host(), "source", TOKEN);
      MlflowServer to = Servers.workspace(http, target.host(), "target", TOKEN);
      ModelLocation model = model(from, source);
      Line curl = new Line("parallel `curl`", "source once, target written once");
      Line sizes = new Line("Portage, verify: sizes", "source once, target written once");
      Line full =
          new Line("Portage, verify: full", "source once, target written once, target read once");
      try (LineProcess portage =
          new LineProcess(
              PortageProcess.command(source.host(), target.host(), transfers, null),
              Map.of("BENCHMARK_TOKEN", TOKEN),
              folder.resolve("signed-portage.log"))) {
        ObjectNode order = LineProcess.order();
        order.set("model", Payloads.mapper().valueToTree(model));
        JsonNode manifest = portage.ask(order).path("manifest");
        List<Contestant> contestants =
            new ArrayList<>(
                List.of(
                    new Contestant(curl, () -> curl(source, target, model, to)),
                    new Contestant(sizes, () -> portage(portage, model, manifest, "SIZES")),
                    new Contestant(full, () -> portage(portage, model, manifest, "FULL"))));
        for (int round = 0; round <= rounds; round++) {
          progress.accept("signed: " + (round == 0 ? "warming up" : "round " + round));
          Collections.shuffle(contestants, new Random(round));
          for (Contestant contestant : contestants) {
            Fixture.settleDisk();
            add(contestant.line(), round, contestant.way().copy());
            Fixture.remove(folder.resolve("target-workspace/blobs/kept"));
          }
        }
      }
      return List.of(curl, sizes, full);
    }
  }

  /** A line and how it is come by, as {@link Rounds} has them. */
  private record Contestant(Line line, Rounds.Method way) {}

  private void add(Line line, int round, double seconds) {
    progress.accept("  %-36s %8.2f s".formatted(line.name(), seconds));
    if (round > 0) {
      line.seconds().add(seconds);
    }
  }

  private MlflowServerProcess mlflow(String name) throws IOException {
    return MlflowServerProcess.start(
        keeper,
        name,
        folder.resolve(name),
        Ports.free(),
        folder.resolve(name + ".log"),
        Artifacts.OF_WORKSPACE);
  }

  private LocalWorkspace workspace(String name, MlflowServerProcess mlflow) throws IOException {
    return LocalWorkspace.start(
        LocalWorkspaceSettings.named(name, "1", folder.resolve(name + "-workspace"))
            .mlflow(mlflow.uri())
            .artifacts(ArtifactSettings.in(new BlobSettings.Gcs("models")))
            .token(Token.of(TOKEN, "ana@example.com", EnumSet.allOf(Right.class)))
            .build());
  }

  private ModelLocation model(MlflowServer from, LocalWorkspace source) throws IOException {
    String experiment = from.experiments().namedOrNew("/benchmark/signed").id();
    String run = Servers.run(from, experiment);
    List<String> paths = paths();
    List<String> addresses = signed(source, "credentials-for-write", run, paths);
    Random random = new Random(1);
    byte[] piece = new byte[1 << 20];
    for (int i = 0; i < paths.size(); i++) {
      long size = paths.get(i).endsWith("MLmodel") ? 1 : SHAPE.bytes();
      HttpURLConnection put =
          (HttpURLConnection) URI.create(addresses.get(i)).toURL().openConnection();
      put.setRequestMethod("PUT");
      put.setDoOutput(true);
      put.setFixedLengthStreamingMode(size);
      try (OutputStream out = put.getOutputStream()) {
        for (long left = size; left > 0; left -= piece.length) {
          random.nextBytes(piece);
          out.write(piece, 0, (int) Math.min(left, piece.length));
        }
      }
      if (put.getResponseCode() / 100 != 2) {
        throw new IOException("PUT answered " + put.getResponseCode());
      }
    }
    return new ModelLocation(
        "source",
        experiment,
        run,
        null,
        "model",
        "runs:/" + run + "/model",
        "dbfs:/databricks/mlflow-tracking/" + experiment + "/" + run + "/artifacts/model");
  }

  private static List<String> paths() {
    List<String> paths = new ArrayList<>(List.of("model/MLmodel"));
    IntStream.range(0, SHAPE.files())
        .mapToObj("model/part-%05d.bin"::formatted)
        .forEach(paths::add);
    return paths;
  }

  private List<String> signed(LocalWorkspace workspace, String call, String run, List<String> paths)
      throws IOException {
    ObjectNode body = LineProcess.order().put("run_id", run);
    paths.forEach(body.putArray("path")::add);
    HttpRequest request =
        HttpRequest.newBuilder(workspace.host().resolve("/api/2.0/mlflow/artifacts/" + call))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
    try {
      JsonNode answer =
          Payloads.mapper().readTree(client.send(request, BodyHandlers.ofString()).body());
      List<String> addresses = new ArrayList<>();
      answer
          .path("credential_infos")
          .forEach(info -> addresses.add(info.path("signed_uri").asText()));
      if (addresses.size() != paths.size()) {
        throw new IOException("no addresses: " + answer);
      }
      return addresses;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** URLs are requested before the clock starts; the curls only move bytes. */
  private double curl(
      LocalWorkspace source, LocalWorkspace target, ModelLocation model, MlflowServer to)
      throws IOException {
    String run = Servers.run(to, to.experiments().namedOrNew("/benchmark/curl").id());
    List<String> paths = paths();
    List<String> reads = signed(source, "credentials-for-read", model.runId(), paths);
    List<String> writes = signed(target, "credentials-for-write", run, paths);
    List<Process> all = new ArrayList<>();
    long began = System.nanoTime();
    for (int i = 0; i < paths.size(); i++) {
      long size = paths.get(i).endsWith("MLmodel") ? 1 : SHAPE.bytes();
      all.add(
          new ProcessBuilder(
                  "sh",
                  "-c",
                  "curl -sSf \"$1\" | curl -sSf -o /dev/null -T - -H \"Content-Length: $3\""
                      + " -H Transfer-Encoding: -H Expect: \"$2\"",
                  "sh",
                  reads.get(i),
                  writes.get(i),
                  String.valueOf(size))
              .inheritIO()
              .start());
    }
    for (Process one : all) {
      try {
        if (!one.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || one.exitValue() != 0) {
          throw new IOException("a curl failed");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private double portage(LineProcess portage, ModelLocation model, JsonNode manifest, String verify)
      throws IOException {
    ObjectNode order = LineProcess.order();
    order.set("model", Payloads.mapper().valueToTree(model));
    order.set("manifest", manifest);
    return portage
        .ask(
            order
                .put("experiment", "/benchmark/portage")
                .put("verify", verify)
                .put("key", "signed " + ++copies))
        .path("seconds")
        .asDouble();
  }
}
