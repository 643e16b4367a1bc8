package dev.portage.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.settings.RunningSandbox;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Commands find the running sandbox from any folder. */
class SandboxChoiceTest {
  private static final ProcessMark RUNS = ProcessMark.ofThis();
  private static final ProcessMark ENDED =
      new ProcessMark(RUNS.host(), RUNS.pid(), "a start of long ago");

  @TempDir Path folder;
  private Map<String, String> environment = Map.of();
  private SandboxRegistry registry = SandboxRegistry.of(Map.of("HOME", "/")).orElseThrow();

  @BeforeEach
  void home() throws IOException {
    folder = folder.toRealPath();
    environment = Map.of("XDG_STATE_HOME", folder.resolve("state").toString());
    registry = SandboxRegistry.of(environment).orElseThrow();
  }

  @Test
  void theOnlyRunningSandboxIsFoundFromAnyFolder() throws IOException {
    Path sandbox = sandbox("tools/portage", RUNS);
    registry.register(sandbox, RUNS);

    SandboxChoice choice = SandboxChoice.of(environment, there("projects/mine/deep"));

    assertThat(found(choice)).isEqualTo("portage");
    assertThat(choice.notes()).isEmpty();
  }

  @Test
  void theFoldersOwnSandboxIsUsedEvenIfNotRegistered() throws IOException {
    registry.register(sandbox("portage", RUNS), RUNS);
    sandbox("demo", RUNS);

    assertThat(found(SandboxChoice.of(environment, there("demo/repository")))).isEqualTo("demo");
  }

  @Test
  void theNearestOfSeveralIsUsedAndTheOthersAreNamed() throws IOException {
    registry.register(sandbox("one/portage", RUNS), RUNS);
    registry.register(sandbox("two/gate", RUNS), RUNS);

    SandboxChoice choice = SandboxChoice.of(environment, there("two/project"));

    assertThat(found(choice)).isEqualTo("gate");
    assertThat(choice.notes())
        .singleElement()
        .asString()
        .contains("nearest of 2 sandboxes, gate")
        .endsWith("for another: --sandbox portage");
  }

  @Test
  void noneIsGuessedOfTwoEquallyNearOnes() throws IOException {
    registry.register(sandbox("one/portage", RUNS), RUNS);
    registry.register(sandbox("two/portage", RUNS), RUNS);

    assertThatThrownBy(() -> SandboxChoice.of(environment, there("project")))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("2 sandboxes are equally near")
        .hasMessageContaining("--sandbox " + folder.resolve("one/portage"))
        .hasMessageContaining("--sandbox " + folder.resolve("two/portage"));
  }

  @Test
  void aSandboxIsNamedByNameFolderOrSubfolder() throws IOException {
    registry.register(sandbox("one/portage", RUNS), RUNS);
    registry.register(sandbox("two/gate", RUNS), RUNS);
    there("one/portage/.portage/sandbox");

    for (String name :
        List.of(
            "portage", "one/portage", "one/portage/.portage/sandbox", folder + "/one/portage")) {
      assertThat(found(SandboxChoice.of(with(SandboxChoice.VARIABLE, name), folder)))
          .as(name)
          .isEqualTo("portage");
    }
    assertThatThrownBy(() -> SandboxChoice.of(with(SandboxChoice.VARIABLE, "potage"), folder))
        .hasMessageContaining("no sandbox \"potage\" runs here")
        .hasMessageContaining("gate (" + folder.resolve("two/gate") + ")");
  }

  @Test
  void thePlatformFileOfTheOneThatIsMeantIsFoundByWhoeverConnectsToNoServer() throws IOException {
    Path file = sandbox("one/portage", RUNS);
    registry.register(file, RUNS);
    Path platform = Files.writeString(folder.resolve("platform.yaml"), "workspaces: {}\n");
    ObjectNode json = (ObjectNode) Payloads.mapper().readTree(Files.readString(file));
    Files.writeString(file, json.put("platform", platform.toString()).toString());
    RunningSandbox sandboxes = ServiceLoader.load(RunningSandbox.class).findFirst().orElseThrow();

    assertThat(sandboxes.platform(environment, folder.toString(), note -> {}))
        .contains(platform.toString());
    assertThatThrownBy(() ->
            sandboxes.platform(
                with(RunningSandbox.VARIABLE, "potage"), folder.toString(), note -> {}))
        .isInstanceOf(RunningSandbox.UnclearException.class)
        .hasMessageContaining("no sandbox \"potage\" runs here");
    assertThat(
            sandboxes.platform(
                with("TEMPORAL_ADDRESS", "127.0.0.1:1"), folder.toString(), note -> {}))
        .isEmpty();
  }

  @Test
  void aKilledSandboxIsSkippedAndItsEntryRemoved() throws IOException {
    Path killed = sandbox("killed", ENDED);
    registry.register(killed, ENDED);
    registry.register(sandbox("portage", RUNS), RUNS);
    assertThat(entries()).hasSize(2);

    SandboxChoice choice = SandboxChoice.of(environment, there("killed/project"));

    assertThat(found(choice)).isEqualTo("portage");
    assertThat(choice.notes())
        .containsExactly(
            "the sandbox of "
                + folder.resolve("killed")
                + " has ended; to start it: "
                + folder.resolve("killed/portage")
                + " sandbox");
    assertThat(entries()).hasSize(1);
  }

  @Test
  void anotherContainersSandboxIsNeitherUsedNorRemoved() throws IOException {
    ProcessMark other = new ProcessMark("another", 1, "");
    registry.register(sandbox("portage", other), other);

    assertThat(SandboxChoice.of(environment, there("project")).sandbox()).isNull();
    assertThat(entries()).hasSize(1);
  }

  @Test
  void aStoppedSandboxIsGone() throws IOException {
    Path file = sandbox("portage", RUNS);
    try (SandboxRegistry.Registration registration = registry.register(file, RUNS)) {
      assertThat(registration.isThere()).isTrue();
    }

    assertThat(entries()).isEmpty();
    assertThat(registry.running()).isEmpty();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void nobodyElseReadsTheRegistry() throws IOException {
    registry.register(sandbox("portage", RUNS), RUNS);

    assertThat(rights(registry.folder())).isEqualTo("rwx------");
    assertThat(rights(entries().getFirst())).isEqualTo("rw-------");
  }

  @Test
  void otherFilesAreSkipped() throws IOException {
    registry.register(sandbox("portage", RUNS), RUNS);
    Files.writeString(registry.folder().resolve("half.json"), "{\"file\":");
    Files.writeString(registry.folder().resolve("other.json"), "{\"process\":{\"pid\":1}}");

    assertThat(registry.running()).extracting(SandboxFile::name).containsExactly("portage");
  }

  @Test
  void withoutAHomeThereIsNoRegistry() {
    assertThat(SandboxRegistry.of(Map.of())).isEmpty();
    assertThat(SandboxRegistry.of(Map.of("XDG_STATE_HOME", "relative"))).isEmpty();
    assertThat(SandboxRegistry.of(Map.of("HOME", "/home/ana")))
        .map(SandboxRegistry::folder)
        .hasValue(Path.of("/home/ana/.local/state/portage/sandboxes"));
  }

  @Test
  void anExplicitAddressWinsAndIsReported() throws IOException {
    registry.register(sandbox("portage", RUNS), RUNS);

    Optional<SandboxFile> chosen =
        TemporalConnection.sandbox(with("TEMPORAL_ADDRESS", "temporal.example.com:7233"), folder);

    assertThat(chosen).isEmpty();
    assertThatThrownBy(() ->
            TemporalConnection.open(
                with("TEMPORAL_ADDRESS", "127.0.0.1:1"),
                folder,
                java.time.Duration.ofMillis(200),
                line -> {
                  throw new IllegalStateException(line);
                }))
        .hasMessageContaining("TEMPORAL_ADDRESS is set and wins over the running sandbox portage");
  }

  @Test
  void theAddressOfARunningSandboxMeansThatSandbox() throws IOException {
    registry.register(sandbox("portage", RUNS), RUNS);

    assertThat(TemporalConnection.sandbox(with("TEMPORAL_ADDRESS", "127.0.0.1:7000"), folder))
        .map(SandboxFile::name)
        .hasValue("portage");
  }

  private Map<String, String> with(String name, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(name, value);
    return more;
  }

  private static String found(SandboxChoice choice) {
    return Objects.requireNonNull(choice.sandbox(), "a sandbox").name();
  }

  private Path there(String path) throws IOException {
    return Files.createDirectories(folder.resolve(path));
  }

  private Path sandbox(String path, ProcessMark process) throws IOException {
    Path file = there(path).resolve(".portage/sandbox.json");
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(
        file,
        """
        {"temporal": {"address": "127.0.0.1:7000", "namespace": "default"},
         "process": {"host": "%s", "pid": %d, "started": "%s"}}
        """
            .formatted(process.host(), process.pid(), process.started()));
    return file;
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> files = Files.list(registry.folder())) {
      return files.toList();
    }
  }

  private static String rights(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
