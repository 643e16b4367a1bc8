package dev.portage.sandbox.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.candidate.Candidate;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyOrder;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowServer;
import dev.portage.sandbox.RealServers;
import dev.portage.sandbox.Sizes;
import dev.portage.temporal.Payloads;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A model that doesn't fit into memory nor, in release sizes, on this machine's disk. */
@ExtendWith(RealServers.class)
@Execution(ExecutionMode.CONCURRENT)
class LargeModelIT {
  private static final long GIB = 1L << 30;
  private static final long SIZE = Sizes.LARGE_GIB * GIB;

  /** By then all of its code has run, and its heap has filled once. */
  private static final long EARLY = SIZE / 4;

  /** How much a JVM may still grow once all of its code has run: compiled code and the like. */
  private static final long FLAT = 48 << 20;

  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern BEAT = Pattern.compile("(SENDING|READING_BACK) (\\d+) bytes");

  @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  void aWorkerWith256MiBCopiesGibibytesInConstantMemory() throws Exception {
    try (OutboundHttp http = RealModels.http();
        GeneratedArtifacts source = new GeneratedArtifacts(RealServers.mlflow("dev"), SIZE, true);
        GeneratedArtifacts target =
            new GeneratedArtifacts(RealServers.mlflow("prod"), SIZE, false)) {
      CopyOrder order = order(http, source);
      Path file = folder.resolve("order.json");
      Files.writeString(file, Payloads.mapper().writeValueAsString(order));
      Process copying =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "-Xmx256m",
                  "-XX:+UseSerialGC",
                  "-cp",
                  Objects.requireNonNull(System.getProperty("java.class.path")),
                  CopyProcess.class.getName(),
                  source.uri().toString(),
                  target.uri().toString(),
                  file.toString(),
                  "250",
                  "8")
              .redirectError(folder.resolve("copying.log").toFile())
              .start();
      long early = 0;
      long late = 0;
      try (BufferedReader beats = copying.inputReader()) {
        for (String line = beats.readLine(); line != null; line = beats.readLine()) {
          Matcher beat = BEAT.matcher(line);
          if (beat.matches()) {
            long passed =
                Long.parseLong(String.valueOf(beat.group(2)))
                    + (line.startsWith("READING") ? SIZE : 0);
            long now = resident(copying.pid());
            if (passed < EARLY) {
              early = Math.max(early, now);
            } else {
              late = Math.max(late, now);
            }
          }
        }
      } finally {
        copying.destroyForcibly();
      }

      assertThat(copying.waitFor()).as(Files.readString(folder.resolve("copying.log"))).isZero();
      assertThat(target.largeBytes()).isEqualTo(SIZE);
      assertThat(early).isPositive();
      assertThat(late).isPositive().isLessThan(early + FLAT);
    }
  }

  /** Resident memory of a process, in bytes; 0 if it has just ended. */
  private static long resident(long pid) throws IOException {
    Path status = Path.of("/proc", String.valueOf(pid), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    Matcher matcher = RESIDENT.matcher(Files.readString(status));
    return matcher.find() ? Long.parseLong(String.valueOf(matcher.group(1))) << 10 : 0;
  }

  /** The canonical form as documented, rebuilt here by hand. */
  private static byte[] manifest(byte[] mlmodel, List<String> parts) {
    String small = HexFormat.of().formatHex(GeneratedArtifacts.sha256().digest(mlmodel));
    ObjectNode manifest = Payloads.mapper().createObjectNode();
    manifest.put("partBytes", 64 << 20);
    ArrayNode files = manifest.putArray("files");
    file(files, "MLmodel", mlmodel.length, small, List.of(small));
    // For a large file only the digests of its parts are compared; this one is not needed.
    file(files, GeneratedArtifacts.LARGE, SIZE, "0".repeat(64), parts);
    return manifest.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void file(
      ArrayNode files, String path, long size, String sha256, List<String> parts) {
    ObjectNode file = files.addObject().put("path", path).put("size", size).put("sha256", sha256);
    ArrayNode digests = file.putArray("parts");
    parts.forEach(digests::add);
  }

  private static CopyOrder order(OutboundHttp http, GeneratedArtifacts source) {
    MlflowServer dev = RealModels.servers(http).of("dev");
    String experiment = dev.experiments().namedOrNew("/portage/gibibytes").id();
    String run = dev.runs().create(experiment, "train", null, Map.of()).id();
    dev.runs().end(run, "FINISHED", null);
    byte[] mlmodel = "flavors: {}\n".getBytes(StandardCharsets.UTF_8);
    source.put("MLmodel", mlmodel);
    byte[] manifest = manifest(mlmodel, source.partDigests());
    String digest = HexFormat.of().formatHex(GeneratedArtifacts.sha256().digest(manifest));
    source.put("manifest-" + digest.substring(0, 12) + ".json", manifest);
    String artifacts = "mlflow-artifacts:/" + experiment + "/" + run + "/artifacts";
    ModelLocation model =
        new ModelLocation(
            "dev", experiment, run, null, "model", "runs:/" + run + "/model", artifacts + "/model");
    return new CopyOrder(
        new Candidate(
            model,
            "gibibytes",
            "1",
            null,
            new ManifestRef(
                digest,
                artifacts + "/portage/manifest-" + digest.substring(0, 12) + ".json",
                2,
                SIZE + mlmodel.length)),
        model,
        "prod",
        "/portage/gibibytes",
        "gibibytes",
        Map.of());
  }
}
