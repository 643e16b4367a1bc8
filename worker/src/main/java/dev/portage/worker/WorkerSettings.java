package dev.portage.worker;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one worker.
 *
 * @param platformFile path of the platform file
 * @param secrets folder that {@code file:} references are relative to, null for the platform file's
 * @param workspaces names of the workspaces to serve; empty for all
 * @param bind address of {@code /health} and {@code /metrics}
 * @param port their port; 0 for a free one
 * @param stopTimeout how long work under way may take to end when the worker stops
 * @param environment variables by name: secrets, {@code TEMPORAL_*}, proxies
 */
public record WorkerSettings(
    Path platformFile,
    @Nullable Path secrets,
    List<String> workspaces,
    InetAddress bind,
    int port,
    Duration stopTimeout,
    Map<String, String> environment) {

  /** Names the platform file, unless the command line does. */
  public static final String PLATFORM_VARIABLE = "PORTAGE_PLATFORM";

  /** Names a PEM file with certificate authorities to trust in addition to the JDK's. */
  public static final String CA_VARIABLE = "PORTAGE_CA_FILE";

  private static final String PLATFORM_FILE = "portage.yaml";
  private static final Duration TIMEOUT = Duration.ofSeconds(25);

  public WorkerSettings {
    workspaces = List.copyOf(workspaces);
    environment = Map.copyOf(environment);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "port " + port + "; allowed: 0 to 65535, 0 for a free one");
    }
  }

  /** A worker for all workspaces of {@code ./portage.yaml}, or of the file that is named so. */
  public static WorkerSettings of(Map<String, String> environment) {
    String named = environment.get(PLATFORM_VARIABLE);
    return new WorkerSettings(
        Path.of(named == null || named.isBlank() ? PLATFORM_FILE : named),
        null,
        List.of(),
        InetAddress.getLoopbackAddress(),
        0,
        TIMEOUT,
        environment);
  }

  /** With another platform file. */
  public WorkerSettings withPlatformFile(Path file) {
    return new WorkerSettings(file, secrets, workspaces, bind, port, stopTimeout, environment);
  }

  /** With the secrets of the platform file's {@code file:} references in another folder. */
  public WorkerSettings withSecrets(Path folder) {
    return new WorkerSettings(
        platformFile, folder, workspaces, bind, port, stopTimeout, environment);
  }

  /** Serving these workspaces only. */
  public WorkerSettings withWorkspaces(List<String> names) {
    return new WorkerSettings(platformFile, secrets, names, bind, port, stopTimeout, environment);
  }

  /** With health and metrics there. */
  public WorkerSettings withAddress(InetAddress address, int number) {
    return new WorkerSettings(
        platformFile, secrets, workspaces, address, number, stopTimeout, environment);
  }

  /** With another timeout when the worker stops. */
  public WorkerSettings withStopTimeout(Duration time) {
    return new WorkerSettings(platformFile, secrets, workspaces, bind, port, time, environment);
  }

  /** File of further certificate authorities, null for none. */
  @Nullable Path caFile() {
    String named = environment.get(CA_VARIABLE);
    return named == null || named.isBlank() ? null : Path.of(named);
  }
}
