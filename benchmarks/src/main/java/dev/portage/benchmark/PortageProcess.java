package dev.portage.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.candidate.Candidate;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyResult;
import dev.portage.copy.ManifestOrder;
import dev.portage.copy.Verify;
import dev.portage.http.OutboundHttp;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.temporal.Payloads;
import dev.portage.transfer.Transfer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Portage's activities as a worker runs them, with as much memory as {@code -Xmx} allows. Takes one
 * order per line of its input.
 */
final class PortageProcess {
  private static final Pattern HIGH_WATER = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  private final Transfer transfer;

  private PortageProcess(Transfer transfer) {
    this.transfer = transfer;
  }

  /** Arguments are the servers and how many transfers may be in flight; a variable the login. */
  public static void main(String[] arguments) throws IOException {
    try (OutboundHttp http = Servers.http()) {
      PortageProcess portage =
          new PortageProcess(
              new Transfer(
                  Servers.both(
                      http,
                      URI.create(arguments[0]),
                      URI.create(arguments[1]),
                      System.getenv("BENCHMARK_TOKEN")),
                  ArtifactStores.standard(),
                  () -> _ -> {},
                  Duration.ofSeconds(2),
                  Integer.parseInt(arguments[2]),
                  Clock.systemUTC()));
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      System.out.println("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(portage.answer(Payloads.mapper().readTree(line)));
      }
    }
  }

  private ObjectNode answer(JsonNode order) throws IOException {
    ModelLocation model = Payloads.mapper().treeToValue(order.path("model"), ModelLocation.class);
    ObjectNode answer = LineProcess.order();
    long began = System.nanoTime();
    if (order.path("manifest").isMissingNode()) {
      ManifestRef manifest = transfer.makeManifest(new ManifestOrder(model, "benchmark"));
      answer.put("seconds", (System.nanoTime() - began) / 1e9);
      answer.set("manifest", Payloads.mapper().valueToTree(manifest));
    } else {
      ManifestRef manifest =
          Payloads.mapper().treeToValue(order.path("manifest"), ManifestRef.class);
      CopyResult result =
          transfer.copy(
              new CopyOrder(
                  new Candidate(model, "benchmark", "1", null, manifest),
                  model,
                  "target",
                  order.path("experiment").asText(),
                  order.path("key").asText(),
                  Map.of(),
                  Verify.valueOf(order.path("verify").asText())));
      answer.put("seconds", (System.nanoTime() - began) / 1e9);
      answer.put("run", result.model().runId());
    }
    answer.put("residentBytes", highWater().orElse(0L));
    answer.put("heapBytes", heapPeak());
    return answer;
  }

  /** This process's peak memory, as Linux counts it. */
  private static Optional<Long> highWater() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return Optional.empty();
    }
    Matcher matcher = HIGH_WATER.matcher(Files.readString(status));
    return matcher.find()
        ? Optional.of(Long.parseLong(String.valueOf(matcher.group(1))) * 1024)
        : Optional.empty();
  }

  private static long heapPeak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }

  /**
   * The command line of one.
   *
   * @param profile where a recording of what takes its CPU time goes, null for none
   */
  static List<String> command(URI source, URI target, int transfers, @Nullable Path profile) {
    List<String> command =
        new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
    if (profile != null) {
      command.addAll(
          List.of(
              "-Xlog:jfr+startup=off",
              "-XX:StartFlightRecording=jdk.CPUTimeSample#enabled=true,filename="
                  + profile.toAbsolutePath()));
    }
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            Objects.requireNonNull(System.getProperty("java.class.path")),
            PortageProcess.class.getName(),
            source.toString(),
            target.toString(),
            String.valueOf(transfers)));
    return command;
  }
}
