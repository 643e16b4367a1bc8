package dev.portage.localworkspace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The local workspace keeps the contract. */
class LocalConformanceIT {
  @TempDir static Path folder;
  private static WorkspaceUnderTest workspace;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    workspace = new LocalUnderTest(folder);
  }

  @AfterAll
  static void stop() {
    workspace.close();
  }

  @TestFactory
  Stream<DynamicTest> theLocalWorkspaceKeepsTheContract() {
    return Contract.all().stream()
        .map(probe ->
            DynamicTest.dynamicTest(
                probe.name(),
                () ->
                    assertThat(probe.look().apply(workspace))
                        .containsExactlyInAnyOrderEntriesOf(probe.expected())));
  }
}
