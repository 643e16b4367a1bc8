package dev.portage.localworkspace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.databricks.sdk.core.DatabricksException;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The same contract against a real workspace, by {@code ./mvnw verify -Plive -pl local-workspace}.
 * Where the real one behaves differently, the contract and the local workspace are wrong: each
 * difference is printed and fails.
 */
@Tag("live")
class LiveConformanceIT {
  private static final Map<String, String> differences = new TreeMap<>();
  private static WorkspaceUnderTest workspace;

  @BeforeAll
  static void connect() {
    workspace = new LiveUnderTest();
  }

  @AfterAll
  static void report() {
    System.out.println(
        differences.isEmpty()
            ? "The local workspace and " + workspace.host() + " do the same."
            : "Where the local workspace and " + workspace.host() + " differ:");
    differences.forEach((what, how) -> System.out.println("  " + what + ": " + how));
    workspace.close();
  }

  @TestFactory
  Stream<DynamicTest> theRealWorkspaceKeepsTheContractToo() {
    return Contract.all().stream()
        .map(probe -> DynamicTest.dynamicTest(probe.name(), () -> compare(probe)));
  }

  private static Map<String, String> look(Probe probe) {
    try {
      return probe.look().apply(workspace);
    } catch (DatabricksException e) {
      return Map.of("refused", String.valueOf(e.getMessage()));
    }
  }

  private static void compare(Probe probe) {
    assumeTrue(probe.needs().areMetBy(workspace), () -> "needs " + probe.needs());
    Map<String, String> seen = look(probe);
    TreeSet<String> names = new TreeSet<>(probe.expected().keySet());
    names.addAll(seen.keySet());
    for (String name : names) {
      String local = probe.expected().getOrDefault(name, "nothing");
      String live = seen.getOrDefault(name, "nothing");
      if (!local.equals(live)) {
        differences.put(probe.name() + ", " + name, "local '" + local + "', live '" + live + "'");
      }
    }
    assertThat(seen).containsExactlyInAnyOrderEntriesOf(probe.expected());
  }
}
