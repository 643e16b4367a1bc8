package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.demo.DemoRepository;
import dev.portage.sandbox.process.Ports;
import dev.portage.sandbox.temporal.TemporalCli;
import dev.portage.sandbox.world.World;
import dev.portage.sandbox.world.WorldFolder;
import dev.portage.sandbox.world.WorldSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A sandbox is killed in the middle of a promotion: servers, workspaces, workers and all. */
@DisabledOnOs(OS.WINDOWS)
class RestartIT {
  /** In production the first attempt hangs, so that it is killed in the middle. */
  private static final String STANDS_STILL =
      """
      import time
      tables = os.environ["LOCAL_WORKSPACE_TABLES"]
      began = os.path.join(tables, "..", "scoring-began")
      if "/prod/" in tables and not os.path.exists(began):
          open(began, "w").close()
          time.sleep(600)
      """;

  @TempDir Path home;

  @Test
  @Tag("S3.25")
  void aPromotionIsReleasedWithOneOfEverythingAndOneApproval() throws Exception {
    assumeTrue(
        TemporalCli.find(RealServers.root().resolve(".portage"), System.getenv(), _ -> {})
            .isPresent(),
        "no 'temporal' on this machine: promotions end with the server in the JVM");
    home = home.toRealPath();
    Team team = team();
    Process first = sandbox();
    try {
      await()
          .atMost(Duration.ofMinutes(10))
          .failFast("the sandbox ended: " + home, () -> !first.isAlive())
          .until(() -> Files.exists(home.resolve("ready")));
      String promotion = team.commit("A model that outlives its sandbox");
      Result waiting = team.start();
      assertThat(waiting.code()).as(waiting.out()).isEqualTo(4);
      Result approved = team.commands().run("approve", promotion, "--by", "ana@example.com");
      assertThat(approved.code()).as(approved.out()).isZero();
      await()
          .atMost(Duration.ofMinutes(10))
          .until(() -> Files.exists(home.resolve("state/prod/scoring-began")));

      first.destroyForcibly().waitFor();

      Thief thief = new Thief(home.resolve("state/ports.properties"));
      List<String> told = new CopyOnWriteArrayList<>();
      try (thief;
          World again = world(home, thief, told::add)) {
        again.start();
        assertThat(told)
            .as("it started over with other ports")
            .containsOnlyOnce("another program took a port; starting again with other ports");
        Result end = team.commands().json("watch", promotion);
        assertThat(end.code()).as(end.out()).isZero();
        assertThat(end.json().path("state").asText()).isEqualTo("RELEASED");
        assertThat(end.json().path("requests")).as("asked once").hasSize(1);
        try (Witness witness = new Witness(again)) {
          OneOfEverything.isThere(witness, team.model(), promotion, end.json());
          assertThat(witness.jobRuns("prod", team.model() + "-batch"))
              .singleElement()
              .extracting(run -> run.path("state").path("result_state").asText())
              .isEqualTo("SUCCESS");
        }
      }
    } finally {
      first.destroyForcibly();
    }
  }

  private Team team() throws IOException {
    Path folder = home.resolve("checkouts/repository");
    Files.createDirectories(Objects.requireNonNull(folder.getParent()));
    DemoRepository repository =
        DemoRepository.of(RealServers.root().resolve("sandbox/src/test/projects/tiny"), folder);
    Team team = new Team("phoenix", repository, new Commands(folder));
    team.change("promotion.yaml", "model: tiny", "model: phoenix");
    team.change("promotion.yaml", "tiny_predictions", "phoenix_predictions");
    team.change("notebooks/score.py", "import pyarrow\n", STANDS_STILL + "import pyarrow\n");
    return team;
  }

  private static World world(Path home, WorldSettings.Front front, Consumer<String> progress)
      throws IOException {
    return new World(
        new WorldFolder(RealServers.root(), home.resolve(".portage"), home.resolve("state")),
        new WorldSettings(
            false,
            System.getenv(),
            front,
            List.of("-XX:TieredStopAtLevel=1"),
            WorldSettings.Spark.NEVER),
        progress);
  }

  /**
   * Another program that takes the port of the worker of prod, once: after the sandbox has chosen
   * its ports, and before that worker starts.
   */
  private static final class Thief implements WorldSettings.Front, AutoCloseable {
    private final Path ports;
    private @Nullable ServerSocket taken;

    Thief(Path ports) {
      this.ports = ports;
    }

    @Override
    public synchronized URI before(String workspace, URI host) {
      if (taken == null) {
        try {
          taken =
              new ServerSocket(
                  Objects.requireNonNull(Ports.known(ports).get("prod-worker")),
                  1,
                  InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return host;
    }

    @Override
    public synchronized void close() throws IOException {
      if (taken != null) {
        taken.close();
      }
    }
  }

  private Process sandbox() throws IOException {
    return new ProcessBuilder(
            Path.of(property("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-Dportage.root=" + RealServers.root(),
            "-cp",
            property("java.class.path"),
            Sandbox.class.getName(),
            home.toString())
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("sandbox.log").toFile())
        .start();
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name));
  }

  /** A sandbox in a JVM of its own. */
  static final class Sandbox {
    public static void main(String[] arguments) throws Exception {
      Path home = Path.of(arguments[0]);
      World world = world(home, (_, host) -> host, System.err::println);
      world.start();
      Files.createFile(home.resolve("ready"));
      Thread.sleep(Duration.ofHours(1));
    }
  }
}
