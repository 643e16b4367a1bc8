package dev.portage.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.portage.settings.RunningSandbox;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckCommandTest {
  private static final String PLATFORM =
      """
      workspaces:
        dev:  { host: "https://adb-1.7.azuredatabricks.net", pool: ml }
        prod: { host: "https://dbc-1.cloud.databricks.com", login: { kind: databricks-oauth, client-id: app, client-secret: env:S } }
      identity: claimed
      """;

  @TempDir Path folder;

  private record Ran(int code, String out, String err) {}

  @Test
  void rightFilesSayWhatTheyComeTo() throws IOException {
    write("portage.yaml", PLATFORM);
    write("promotion.yaml", "model: churn\ntrain: notebooks/train.py\n");
    write("notebooks/train.py", "# Databricks notebook source\n");

    Ran ran = check();

    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(ran.out())
        .contains("portage.yaml: valid")
        .contains(
            "dev: databricks at https://adb-1.7.azuredatabricks.net, logs in with the managed identity")
        .contains(
            "prod: databricks at https://dbc-1.cloud.databricks.com, logs in with client-id app with env:S")
        .contains("promotion.yaml: valid")
        .contains("path dev → prod");
  }

  @Test
  void everyErrorIsToldAtOnceWithItsLine() throws IOException {
    write(
        "portage.yaml",
        PLATFORM.replace("pool: ml", "polo: ml").replace("identity: claimed", "identity: x"));
    write("promotion.yaml", "model: Churn\ntrian: x\n");

    Ran ran = check();

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out().lines())
        .anyMatch(line -> line.contains("portage.yaml:2: unknown key \"polo\""))
        .anyMatch(line -> line.contains("portage.yaml:4: identity is"))
        .anyMatch(line -> line.contains("promotion.yaml:1: model is"))
        .anyMatch(line -> line.contains("promotion.yaml:2: unknown key \"trian\""));
  }

  @Test
  void errorsOfTheSchemaOfMeaningOfFilesAndOfThePlatformComeInOneRound() throws IOException {
    write("portage.yaml", PLATFORM);
    write(
        "promotion.yaml",
        """
        model: churn
        train: { notebook: notebooks/train.py, compute: gpu }
        verfy: full
        batch: { notebook: s.py, timezone: Mars }
        path: [dev, qa, prod]
        """);
    write("s.py", "# Databricks notebook source\n");

    Ran ran = check();

    assertThat(ran.out().lines().filter(line -> line.contains("promotion.yaml:")))
        .satisfiesExactly(
            line -> assertThat(line).contains(":2: train names notebooks/train.py"),
            line -> assertThat(line).contains(":3: unknown key \"verfy\""),
            line -> assertThat(line).contains(":4: \"Mars\" is not a time zone"),
            line -> assertThat(line).contains(":5: path names workspace \"qa\""));
  }

  @Test
  void aFileWithSeveralFaultsOfThePlatformsKindTellsThemToo() throws IOException {
    write("portage.yaml", PLATFORM);
    write("promotion.yaml", "model: churn\ntrain: { notebook: t.py, compute: gpu }\nxy: 1\n");

    assertThat(check().out().lines().filter(line -> line.contains("promotion.yaml:")))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).contains(":2: train names t.py"),
            line -> assertThat(line).contains(":2: ").contains("gpu"),
            line -> assertThat(line).contains(":3: unknown key \"xy\""));
  }

  @Test
  void aPromotionIsHeldAgainstThePlatformFile() throws IOException {
    Path platform = write("elsewhere.yaml", PLATFORM);
    Path promotion =
        write("promotion.yaml", "model: churn\ntrain: { notebook: t.py, compute: gpu }\n");
    write("t.py", "# Databricks notebook source\n");

    Ran ran = check(promotion.toString(), "--platform", platform.toString());

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).contains("promotion.yaml:2: ").contains("gpu");
    Ran alone = check(promotion.toString());
    assertThat(alone.code()).isZero();
    assertThat(alone.out()).contains("not compared with a platform file");
  }

  @Test
  void aNotebookThatIsNotThereIsToldWithTheOneThatMayBeMeant() throws IOException {
    write("portage.yaml", PLATFORM);
    write("promotion.yaml", "model: churn\ntrain: notebooks/train\nbatch: notebooks/scor.py\n");
    write("notebooks/train.ipynb", "{\"cells\": []}");
    write("notebooks/score.py", "# Databricks notebook source\n");

    Ran ran = check();

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out().lines().filter(line -> line.contains("promotion.yaml:")))
        .singleElement()
        .asString()
        .contains(
            "promotion.yaml:3: batch names notebooks/scor.py, which is not in the file's folder")
        .contains("did you mean \"notebooks/score.py\"?");
  }

  @Test
  void casesThatAreNotThereAreToldWithTheLineThatNamesThem() throws IOException {
    write("promotion.yaml", "model: churn\ntrain: t.py\nserve:\n  cases: tests/cases.csv\n");
    write("t.py", "# Databricks notebook source\n");

    Ran ran = check(folder.resolve("promotion.yaml").toString());

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out())
        .contains(
            "promotion.yaml:4: serve.cases names tests/cases.csv, which is not in the file's"
                + " folder; create it, or correct the name");
  }

  @Test
  void whatIsNoSuchFileIsNamedForWhatItIs() throws IOException {
    Path notebook = write("train.ipynb", "{\"cells\": []}");

    assertThat(check(notebook.toString()).out())
        .contains("it is a notebook; name a promotion.yaml or portage.yaml");
    assertThat(check(String.valueOf(notebook.getParent())).out()).contains("it is a folder");
  }

  @Test
  void aScriptGetsOneDocument() throws IOException {
    write("portage.yaml", PLATFORM.replace("env:S", "dose0123456789abcdef0123456789abcdef"));

    Ran ran = check("--output", "json");

    JsonNode json = JsonMapper.builder().build().readTree(ran.out());
    assertThat(json.path("passed").asBoolean(true)).isFalse();
    assertThat(json.path("exit").asInt()).isEqualTo(2);
    assertThat(json.path("files").path(0).path("errors").path(0).path("line").asInt()).isEqualTo(3);
    assertThat(ran.out()).doesNotContain("dose0123");
  }

  @Test
  void withoutAPlatformFileThatOfTheRunningSandboxCounts() throws IOException {
    Path platform = write("sandbox/portage.yaml", PLATFORM);
    write("promotion.yaml", "model: churn\ntrain: { notebook: t.py, compute: gpu }\n");
    write("t.py", "# Databricks notebook source\n");

    Ran ran = checkBeside(platform, Map.of());

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).contains(platform + ": valid", "promotion.yaml:2: ", "gpu");
    assertThat(ran.err()).contains("using the nearest of 2");
    assertThat(checkBeside(platform, Map.of(), "--output", "json").err()).isEmpty();
  }

  @Test
  void aSandboxThatIsNamedWinsOverOtherFilesAndOneThatIsNotDoesNot() throws IOException {
    Path platform = write("sandbox/portage.yaml", PLATFORM.replace("prod:", "live:"));
    Path other = write("other.yaml", PLATFORM);
    write("promotion.yaml", "model: churn\ntrain: t.py\n");
    write("t.py", "# Databricks notebook source\n");
    Map<String, String> variable = Map.of("PORTAGE_PLATFORM", other.toString());

    assertThat(checkBeside(platform, variable).out()).contains("path dev → prod");
    assertThat(checkBeside(platform, variable, "--sandbox", "mine").out())
        .contains("path dev → live");
    assertThat(checkBeside(platform, Map.of("PORTAGE_SANDBOX", "mine")).out())
        .contains("path dev → live");
    Ran unknown = checkBeside(platform, variable, "--sandbox", "yours");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).isEqualTo("no sandbox yours; running: mine\n");
    Ran both = checkBeside(platform, variable, "--sandbox", "mine", "--platform", "x.yaml");
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("either --platform or --sandbox");
  }

  @Test
  void whatIsNotThereIsTold() {
    assertThat(check().err()).contains("neither portage.yaml nor promotion.yaml is here");
    Ran ran = check("no.yaml");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).contains("no.yaml:1: file not found");
  }

  @Test
  void whatLibrariesLogIsNotPartOfTheOutput() throws IOException, InterruptedException {
    Path file = write("portage.yaml", PLATFORM);
    Path out = folder.resolve("out.json");
    Process process =
        new ProcessBuilder(
                Path.of(property("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPathOfTheProgram(),
                CheckCommand.class.getName(),
                "--output",
                "json",
                file.toString())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();

    assertThat(process.waitFor()).isZero();
    assertThat(Files.readString(out)).startsWith("{").doesNotContain("DEBUG");
  }

  /** Without what configures logging for tests. */
  private static String classPathOfTheProgram() {
    return Stream.of(property("java.class.path").split(File.pathSeparator))
        .filter(entry -> !Files.exists(Path.of(entry, "logback-test.xml")))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, text);
  }

  /** While a sandbox runs that is named mine. */
  private Ran checkBeside(Path platform, Map<String, String> environment, String... arguments) {
    RunningSandbox mine =
        (variables, _, notes) -> {
          String named = variables.getOrDefault(RunningSandbox.VARIABLE, "mine");
          if (!named.equals("mine")) {
            throw new RunningSandbox.UnclearException("no sandbox " + named + "; running: mine");
          }
          notes.accept("using the nearest of 2");
          return Optional.of(platform.toString());
        };
    return run(new CheckCommand(environment, folder, () -> Optional.of(mine)), arguments);
  }

  private Ran check(String... arguments) {
    return run(new CheckCommand(Map.of(), folder), arguments);
  }

  private static Ran run(CheckCommand command, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(command)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .setParameterExceptionHandler(WorkerCommand::usageError)
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }
}
