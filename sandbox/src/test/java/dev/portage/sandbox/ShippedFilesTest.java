package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that people copy or run to install something do what the docs promise. */
class ShippedFilesTest {

  private static final Path ROOT = SandboxCommand.root();
  private static final Pattern MOVING_VERSION =
      Pattern.compile("<version>([^<]*(?:LATEST|RELEASE|SNAPSHOT)[^<]*)</version>");
  private static final Path PIPELINE = ROOT.resolve("examples/diabetes/azure-pipelines.yml");

  @Test
  @Tag("S0.15")
  void thePipelineNeedsNothingFromAMarketplace() throws IOException {
    JsonNode pipeline = pipeline();

    assertThat(pipeline.path("steps")).isNotEmpty();
    assertThat(pipeline.findValues("task")).as("a task may come from an extension").isEmpty();
    assertThat(pipeline.findValues("template")).isEmpty();
    assertThat(pipeline.path("extends").isMissingNode()).isTrue();
    for (JsonNode step : pipeline.path("steps")) {
      assertThat(step.has("script") || step.has("checkout")).as(step.toString()).isTrue();
    }
  }

  @Test
  @Tag("S1.30")
  void aDocumentationCommitStartsNothing() throws IOException {
    JsonNode trigger = pipeline().path("trigger");

    assertThat(texts(trigger.path("branches").path("include"))).containsExactly("main");
    assertThat(texts(trigger.path("paths").path("exclude"))).contains("**/*.md", "docs");
  }

  @Test
  @Tag("S3.10")
  void aPullRequestDoesNotRunIt() throws IOException {
    assertThat(pipeline().path("pr").asText()).isEqualTo("none");
  }

  @Test
  @Tag("S1.31")
  void noOwnersNameIsInThePipeline() throws IOException {
    JsonNode pipeline = pipeline();

    assertThat(pipeline.has("resources")).as("a repository or connection of somebody").isFalse();
    assertThat(pipeline.findValues("endpoint")).isEmpty();
    assertThat(
            Pattern.compile("[\\w.-]+\\.(com|net|org|io)\\b")
                .matcher(Files.readString(PIPELINE))
                .results()
                .map(found -> String.valueOf(found.group())))
        .allMatch(host -> host.endsWith("example.com"));
  }

  @ParameterizedTest
  @Tag("S2.12")
  @ValueSource(
      strings = {
        "sandbox/src/main/python/requirements.lock",
        "sandbox/src/main/python/uv-requirements.lock",
        "local-workspace/src/test/stores/requirements.lock",
        "local-workspace/src/test/stores/mlflow2.lock",
        "local-workspace/src/test/stores/basic-auth.lock"
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

  private static JsonNode pipeline() throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(PIPELINE.toFile());
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }
}
