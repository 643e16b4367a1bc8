package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portage.sandbox.PipelineStepsTest.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people copy is read by the programs that others read it with: {@code build/linters}. */
@Execution(ExecutionMode.CONCURRENT)
class PipelineFilesIT {

  private static final Path ROOT = PipelineFile.ROOT;
  private static final Path BIN = ROOT.resolve(".portage/linters/bin").toAbsolutePath();

  private final Path folder;

  PipelineFilesIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  static void installed() {
    assumeTrue(Files.isExecutable(BIN.resolve("check-jsonschema")), "run build/linters first");
  }

  static Stream<PipelineFile> files() {
    return Stream.concat(
        PipelineFile.PIPELINES.stream(), Stream.of(PipelineFile.TEMPLATE, PipelineFile.ROLLBACK));
  }

  @ParameterizedTest
  @MethodSource("files")
  @Tag("S0.14")
  @Tag("S1.29")
  void aPipelineFitsThePublishedSchema(PipelineFile file) {
    Ran ran = check(file.path());

    assertThat(ran.code()).as(ran.out()).isZero();
  }

  @Test
  @Tag("S2.09")
  void eachPipelineOfTheGuideFitsThePublishedSchema() throws IOException {
    List<String> blocks =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("docs/pipeline.md")))
            .results()
            .map(found -> String.valueOf(found.group(1)))
            .toList();
    assertThat(String.join("", blocks)).contains("schedules:", "pipelines:", "@platform");
    for (String block : blocks) {
      Ran ran = check(Files.writeString(folder.resolve("guide.yml"), block));
      assertThat(ran.code()).as(block + ran.out()).isZero();
    }
  }

  /** That schema does refuse what Azure Pipelines would. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "fetchDepth -> fetchDepht",
        "UsePythonVersion@0 -> UsePythonVersions@0",
        "inlineScript: | -> inlineSkript: |"
      })
  void aMistakeInAPipelineIsFound(String change) throws IOException {
    String[] words = change.split(" -> ", 2);
    String text = PipelineFile.TEMPLATE.text();
    assertThat(text).contains(words[0]);

    Ran ran = check(Files.writeString(folder.resolve("p.yml"), text.replace(words[0], words[1])));

    assertThat(ran.code()).as(ran.out()).isEqualTo(1);
  }

  @Test
  @Tag("S3.08")
  void theStyleOfTheExampleIsCheckedAndTheResultIsPublished() throws IOException {
    Path project = project();

    Ran good = step("style", project, Map.of());
    Files.writeString(project.resolve("notebooks/new.py"), "import os\nprint(undefined_name)\n");
    Ran bad = step("style", project, Map.of());

    assertThat(good.code()).as(good.out()).isZero();
    assertThat(bad.code()).as(bad.out()).isNotZero();
    assertThat(bad.out()).contains("undefined_name");
    assertThat(folder.resolve("temp/results/style.xml"))
        .content()
        .contains("<testsuite", "undefined_name");
    assertThat(PipelineFile.TEMPLATE.text())
        .contains("testResultsFiles: $(Agent.TempDirectory)/results/*.xml")
        .contains("failTaskOnFailedTests: true");
  }

  @Test
  void aRepositoryOfNotebooksWithoutSettingsPassesAsItIs() throws IOException {
    Path project = copy(ROOT.resolve("examples/churn"));

    Ran ran = step("style", project, Map.of());

    assertThat(ran.code()).as(ran.out()).isZero();
  }

  @Test
  @Tag("S3.09")
  void aFailingUnitTestFailsTheJobThatThePromotionWaitsFor() throws IOException {
    Path project = Files.createDirectories(folder.resolve("project"));
    Path tests = Files.createDirectories(project.resolve("tests"));
    Map<String, String> settings = Map.of("TESTS", "tests", "REQUIREMENTS", "");

    Files.writeString(tests.resolve("test_a.py"), "def test_a():\n    assert 1 + 1 == 2\n");
    Ran good = step("tests", project, settings);
    Files.writeString(tests.resolve("test_b.py"), "def test_b():\n    assert 1 + 1 == 3\n");
    Ran bad = step("tests", project, settings);

    assertThat(good.code()).as(good.out()).isZero();
    assertThat(bad.code()).as(bad.out()).isEqualTo(1);
    assertThat(folder.resolve("temp/results/tests.xml")).content().contains("test_b", "<failure");
    assertThat(PipelineFile.TEMPLATE.text()).contains("dependsOn: check");
  }

  @Test
  void scriptsHaveNoMistakesThatALinterKnows() {
    List<String> scripts =
        List.of(
            "portage",
            "release/src/main/launcher/portage",
            "build/release",
            "build/runtimes",
            "build/linters",
            "deploy/bin/healthy",
            "deploy/make-secrets",
            "deploy/temporal/server.sh",
            "deploy/temporal/schema.sh",
            "deploy/temporal/namespace.sh");

    Ran ran =
        run(
            ROOT,
            // CDPATH= for one command is wanted; the list of builds holds only names of ours.
            "shellcheck --severity=warning --exclude=SC1007,SC2010 " + String.join(" ", scripts));

    assertThat(ran.code()).as(ran.out()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"install", "vault", "promotion", "style", "tests"})
  void stepsOfThePipelineHaveNoMistakesThatALinterKnows(String step) throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("step.sh"), "#!/bin/bash\n" + PipelineFile.TEMPLATE.script(step));

    Ran ran = run(folder, "shellcheck --severity=warning " + script);

    assertThat(ran.code()).as(ran.out()).isZero();
  }

  @Test
  void theImagesHaveNoMistakesThatALinterKnows() {
    Ran ran = run(ROOT, "hadolint deploy/Dockerfile deploy/mlflow/Dockerfile");

    assertThat(ran.code()).as(ran.out()).isZero();
  }

  private static Ran check(Path file) {
    return run(
        ROOT,
        "check-jsonschema --regex-variant python --builtin-schema vendor.azure-pipelines"
            + " --data-transform azure-pipelines '"
            + file
            + "' 2>&1 | cut -c 1-400; exit \"${PIPESTATUS[0]}\"");
  }

  /** The example, without the tests of the notebooks themselves: those need Databricks. */
  private Path project() throws IOException {
    return copy(ROOT.resolve("examples/diabetes"));
  }

  private Path copy(Path from) throws IOException {
    Path to = folder.resolve("project");
    Ran ran = run(folder, "cp -R '" + from + "' '" + to + "'");
    assertThat(ran.code()).as(ran.out()).isZero();
    return to;
  }

  private Ran step(String name, Path project, Map<String, String> more) throws IOException {
    Path temp = Files.createDirectories(folder.resolve("temp"));
    Map<String, String> variables = new java.util.HashMap<>(more);
    variables.put("PATH", BIN + ":/usr/bin:/bin");
    variables.put("HOME", folder.toString());
    variables.put("AGENT_TEMPDIRECTORY", temp.toString());
    // What a step installs is there already, in the same versions: no network is needed.
    variables.put("PIP_NO_INDEX", "1");
    return PipelineStepsTest.run(PipelineFile.TEMPLATE.script(name), project, variables);
  }

  private static Ran run(Path folder, String script) {
    return PipelineStepsTest.run(script, folder, Map.of("PATH", BIN + ":/usr/bin:/bin"));
  }
}
