package dev.portage.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portage.sandbox.SandboxCommand;
import dev.portage.sandbox.temporal.TemporalCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A tiny load run, so that the code keeps working: real servers, few promotions, exact results. */
class LoadIT {
  @TempDir private Path folder;

  @Test
  void measuresNextToBareWorkflowsAndCountsTheResults() throws IOException {
    assumeThat(
            TemporalCli.find(
                SandboxCommand.root().resolve(".portage"), System.getenv(), System.err::println))
        .as("a real Temporal server, see build/temporal")
        .isPresent();
    Path results = folder.resolve("load.json");
    Path document = folder.resolve("benchmarks.md");
    Files.writeString(document, "before\n" + LoadDocument.BEGIN + LoadDocument.END + "after\n");

    int code =
        new CommandLine(new LoadCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(
                "burst",
                "one-model",
                "junk",
                "--size",
                "tiny",
                "--results",
                results.toString(),
                "--document",
                document.toString(),
                "--scratch",
                folder.toString());

    assertThat(code).isZero();
    List<Outcome> outcomes = LoadResults.read(results).outcomes();
    assertThat(outcomes)
        .extracting(Outcome::scenario)
        .containsExactly("burst", "one-model", "junk");
    assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.exact()).isNotEmpty());
    Outcome burst = outcomes.getFirst();
    assertThat(burst.scenario()).isEqualTo("burst");
    assertThat(burst.exact()).singleElement().asString().startsWith("4 promotions");
    assertThat(burst.waits()).extracting(Waited::type).contains("Look", "Copy", "Mark");
    assertThat(burst.used().get(Part.WORKERS)).isNotNull();
    assertThat(Files.readString(document))
        .startsWith("before\n")
        .endsWith("after\n")
        .contains("decision to next step");
  }
}
