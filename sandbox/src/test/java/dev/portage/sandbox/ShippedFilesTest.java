package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that people copy or run to install something do what the docs promise. */
class ShippedFilesTest {

  private static final Path ROOT = SandboxCommand.root();
  private static final Pattern MOVING_VERSION =
      Pattern.compile("<version>([^<]*(?:LATEST|RELEASE|SNAPSHOT)[^<]*)</version>");

  @Test
  @Tag("S0.15")
  void thePipelineNeedsNothingFromAMarketplace() {
    assertThat(PipelineFile.TEMPLATE.steps()).isNotEmpty();
    // These come with Azure Pipelines.
    assertThat(PipelineFile.TEMPLATE.steps())
        .extracting(step -> step.path("task").asText())
        .containsOnly(
            "", "UsePythonVersion@0", "PublishTestResults@2", "AzureCLI@2", "DownloadSecureFile@1");
    for (PipelineFile pipeline : PipelineFile.PIPELINES) {
      assertThat(pipeline.yaml().findValuesAsText("template"))
          .containsAnyOf("azure-pipelines/promotion.yml", "promotion.yml")
          .hasSize(1);
      assertThat(pipeline.yaml().path("extends").isMissingNode()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  @Tag("S1.30")
  void aDocumentationCommitStartsNothing(PipelineFile pipeline) {
    JsonNode own = pipeline.yaml().path("trigger");
    JsonNode trigger =
        own.isObject() ? own : pipeline.yaml().at("/resources/repositories/0/trigger");

    assertThat(texts(trigger.path("branches").path("include"))).containsExactly("main");
    assertThat(texts(trigger.path("paths").path("exclude"))).contains("**/*.md", "docs");
  }

  @Test
  @Tag("S3.10")
  void aPullRequestIsCheckedAndNeverPromoted() {
    JsonNode promote =
        PipelineFile.TEMPLATE
            .yaml()
            .path("jobs")
            .valueStream()
            .filter(job -> job.path("job").asText().equals("promote"))
            .findFirst()
            .orElseThrow();

    assertThat(promote.path("condition").asText())
        .isEqualTo("and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))");
    assertThat(promote.path("steps").findValuesAsText("name")).contains("promotion");
    // No other job starts one.
    assertThat(PipelineFile.TEMPLATE.text().split("portage start", -1)).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  @Tag("S1.31")
  void noOwnersNameIsInAPipeline(PipelineFile pipeline) {
    assertThat(pipeline.yaml().findValues("endpoint")).as("a connection of somebody").isEmpty();
    for (String text : List.of(pipeline.text(), PipelineFile.TEMPLATE.text())) {
      assertThat(
              Pattern.compile("\\b[\\w-]+(\\.[\\w-]+)*\\.(com|net|org|io)\\b")
                  .matcher(text)
                  .results()
                  .map(found -> String.valueOf(found.group())))
          .allMatch(host -> host.endsWith("example.com"));
    }
  }

  @Test
  @Tag("S0.14")
  void theTemplateIsTheSameWhereverItIsCopied() throws IOException {
    for (String copy :
        List.of(
            "examples/diabetes/azure-pipelines/promotion.yml",
            "starter/src/main/resources/dev/portage/init/project/azure-pipelines/promotion.yml")) {
      assertThat(ROOT.resolve(copy)).content().isEqualTo(PipelineFile.TEMPLATE.text());
    }
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void aPipelineSetsWhatTheTemplateHasAndAllThatItNeeds(PipelineFile pipeline) {
    Map<String, JsonNode> known = new HashMap<>();
    PipelineFile.TEMPLATE
        .yaml()
        .path("parameters")
        .forEach(parameter -> known.put(parameter.path("name").asText(), parameter));
    JsonNode given = pipeline.yaml().path("jobs").get(0).path("parameters");

    assertThat(known.keySet()).containsAll(given.propertyStream().map(Map.Entry::getKey).toList());
    known.forEach((name, parameter) ->
        assertThat(given.has(name) || parameter.has("default")).as(name).isTrue());
  }

  static Stream<PipelineFile> pipelines() {
    return PipelineFile.PIPELINES.stream();
  }

  @ParameterizedTest
  @Tag("S2.12")
  @ValueSource(
      strings = {
        "sandbox/src/main/python/requirements.lock",
        "sandbox/src/main/python/uv-requirements.lock",
        "local-workspace/src/test/stores/requirements.lock",
        "local-workspace/src/test/stores/mlflow2.lock",
        "local-workspace/src/test/stores/basic-auth.lock",
        "sandbox/src/test/linters/requirements.lock",
        "release/runtimes.lock"
      })
  void eachPythonPackageIsLockedByVersionAndHash(String lock) throws IOException {
    String text = Files.readString(ROOT.resolve(lock)).replace("\\\n", " ");
    List<String> packages =
        text.lines().filter(line -> line.contains("==") && !line.strip().startsWith("#")).toList();

    assertThat(packages)
        .isNotEmpty()
        .allSatisfy(line ->
            assertThat(line).matches("[A-Za-z0-9._\\[\\]-]+==\\S+ .*--hash=sha256:[0-9a-f]{64}.*"));
  }

  @Test
  @Tag("S2.12")
  void everythingElseThatTheBuildInstallsIsLockedByVersion() throws IOException {
    Matcher temporal =
        Pattern.compile("(?m)^version=v\\d+\\.\\d+\\.\\d+$")
            .matcher(Files.readString(ROOT.resolve("build/temporal")));
    assertThat(temporal.find()).as("the Temporal server").isTrue();
    assertThat(Files.readString(ROOT.resolve(".mvn/wrapper/maven-wrapper.properties")))
        .matches("(?s).*apache-maven-\\d+\\.\\d+\\.\\d+-bin\\.zip.*");
    List<String> moving = new ArrayList<>();
    try (var files = Files.walk(ROOT, 2)) {
      for (Path pom : (Iterable<Path>) files.filter(file -> file.endsWith("pom.xml"))::iterator) {
        MOVING_VERSION
            .matcher(Files.readString(pom))
            .results()
            .map(found -> String.valueOf(found.group(1)))
            // Our own.
            .filter(version -> !version.equals("0.1.0-SNAPSHOT"))
            .forEach(moving::add);
      }
    }
    assertThat(moving).isEmpty();
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }
}
