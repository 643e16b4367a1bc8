package dev.portage.localworkspace;

import static dev.portage.localworkspace.ServingWorkspace.serving;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.faults.ServingEffect;
import dev.portage.localworkspace.faults.ServingFault;
import dev.portage.localworkspace.serving.ServingSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real models of a real registry, each served by a Python process of its own. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "it finds the servers' processes in /proc")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ServingIT {
  private static final String BASE = "/api/2.0/serving-endpoints/";

  @TempDir static Path folder;
  private static ServingWorkspace test;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    test = new ServingWorkspace(folder, ServingSettings.standard().withMetricsAfter(Duration.ZERO));
  }

  /** So that a test which fails leaves nothing to the next one. */
  @AfterEach
  void deleteEndpoints() throws Exception {
    for (JsonNode endpoint :
        test.json("GET", "/api/2.0/serving-endpoints", null).path("endpoints")) {
      test.json("DELETE", BASE + endpoint.path("name").asText(), null);
    }
    awaitServers(0, "a deleted endpoint has none");
  }

  @AfterAll
  static void stop() {
    test.close();
    awaitServers(0, "no server outlives its workspace");
  }

  /** A killed process is gone a moment after whoever killed it has continued. */
  private static Set<Long> awaitServers(int number, String why) {
    Instant until = Instant.now().plus(Duration.ofSeconds(30));
    Set<Long> found = servers();
    while (found.size() != number) {
      assertThat(Instant.now()).as(why + ": " + found).isBefore(until);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      found = servers();
    }
    return found;
  }

  /** The process ids of the model servers that this workspace started. */
  private static Set<Long> servers() {
    return ProcessHandle.current()
        .children()
        .filter(ProcessHandle::isAlive)
        .filter(child -> commandLine(child).contains(folder + "/state/scripts/model_server.py"))
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
          .replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * A read from a pipe blocks the thread that carries a virtual one. With as many quiet servers as
   * cores nothing else would run.
   */
  private static void assertOutputIsReadByThreadsOfThePlatform() {
    // Virtual threads are not among these.
    Set<String> threads =
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .collect(Collectors.toSet());
    assertThat(servers())
        .isNotEmpty()
        .allSatisfy(server -> assertThat(threads).contains("output-" + server));
  }

  /** What a server printed is in its log a moment after its answer. */
  private static String awaitLog(String endpoint, String served, String line) throws Exception {
    Instant until = Instant.now().plus(Duration.ofSeconds(30));
    String log = log(endpoint, served);
    while (!log.contains(line)) {
      assertThat(Instant.now()).as("\"%s\" in %s", line, log).isBefore(until);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      log = log(endpoint, served);
    }
    return log;
  }

  private static String log(String endpoint, String served) throws Exception {
    return test.json("GET", BASE + endpoint + "/served-models/" + served + "/logs", null)
        .path("logs")
        .asText();
  }

  @ParameterizedTest
  @ValueSource(strings = {"serving-client.py", "serving-habits.py"})
  void databricksOwnPythonClientAndMlflowsWorkUnchanged(String script) throws Exception {
    String said = test.python(script, List.of(), test.workspace.host(), ServingWorkspace.TOKEN);

    assertThat(said).contains("all of it works");
  }

  @Test
  void noRequestIsLostWhenTrafficMovesFromOneModelToAnotherAndAFailedUpdateChangesNothing()
      throws Exception {
    test.create("moved", serving(1, 100));
    test.settled("moved");
    assertOutputIsReadByThreadsOfThePlatform();
    URI url = URI.create(test.workspace.host() + "/serving-endpoints/moved/invocations");
    try (Load load = new Load(url, ServingWorkspace.TOKEN, "{\"inputs\": {\"x\": [1.0]}}", 4)) {
      load.await(20);
      test.update("moved", serving(1, 90, 2, 10));
      test.settled("moved");
      load.await(50);
      test.update("moved", serving(2, 100));
      test.settled("moved");
      load.await(20);
      test.workspace
          .servingFaults()
          .add(ServingFault.once("tripler/1", new ServingEffect.OutOfMemory()));
      test.update("moved", serving(2, 50, 1, 50));
      JsonNode failed = test.settled("moved");
      load.await(20);
      load.end();

      assertThat(load.failures()).isEmpty();
      assertThat(load.answers())
          .containsOnlyKeys("{\"predictions\": [3.0]}", "{\"predictions\": [4.0]}");
      assertThat(failed.at("/state/config_update").asText()).isEqualTo("UPDATE_FAILED");
      awaitLog("moved", "tripler-1", "was sent SIGKILL! Perhaps out of memory?");
    }
    assertThat(test.ask("moved").body()).isEqualTo("{\"predictions\": [4.0]}");

    // A killed process is replaced, and a restart of the workspace brings all back.
    long killed = awaitServers(1, "only the live version has one").iterator().next();
    ProcessHandle.of(killed).ifPresent(ProcessHandle::destroyForcibly);
    test.await("moved", endpoint -> servers().stream().anyMatch(pid -> pid != killed));
    assertThat(test.ask("moved").body()).isEqualTo("{\"predictions\": [4.0]}");
    test.restart();
    assertThat(test.ask("moved").body()).isEqualTo("{\"predictions\": [4.0]}");
  }

  @Test
  void aModelSeesItsEnvironmentAndNoLoginAndNoLogShowsItsSecrets() throws Exception {
    String value = "s3cr3t-of-the-hub";
    test.json("POST", "/api/2.0/secrets/scopes/create", "{\"scope\": \"ml\"}");
    test.json(
        "POST",
        "/api/2.0/secrets/put",
        "{\"scope\": \"ml\", \"key\": \"hub\", \"string_value\": \"" + value + "\"}");
    test.create(
        "shows",
        serving(5, 100)
            .replace(
                "\"workload_size\"",
                "\"environment_vars\": {\"MODE\": \"fast\", \"HUB_TOKEN\": \"{{secrets/ml/hub}}\"},"
                    + " \"workload_size\""));
    JsonNode ready = test.settled("shows");

    assertThat(test.ask("shows").body()).isEqualTo("{\"predictions\": [\"fast 17 \"]}");

    assertThat(awaitLog("shows", "tripler-5", "the token is [REDACTED]")).doesNotContain(value);
    assertThat(ready.at("/config/served_entities/0/environment_vars/HUB_TOKEN").asText())
        .isEqualTo("{{secrets/ml/hub}}");
    test.json("DELETE", BASE + "shows", null);
    try (Stream<Path> files = Files.walk(folder.resolve("state"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (!file.endsWith("secrets/ml/hub")) {
          assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain(value);
        }
      }
    }
  }
}
