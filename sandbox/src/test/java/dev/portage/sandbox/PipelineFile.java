package dev.portage.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * A file of Azure Pipelines that is shipped, with the scripts of its steps. Template expressions
 * are left as they are: what stands under an {@code if} is there.
 *
 * @param path where it is
 */
record PipelineFile(Path path) {

  static final Path ROOT = SandboxCommand.root();

  /** The template that all pipelines share. */
  static final PipelineFile TEMPLATE =
      new PipelineFile(ROOT.resolve("deploy/azure-pipelines/promotion.yml"));

  /**
   * The pipeline that people run to go back; it uses the template, too, and nothing triggers it.
   */
  static final PipelineFile ROLLBACK =
      new PipelineFile(ROOT.resolve("deploy/azure-pipelines/rollback.yml"));

  /** The pipelines that use it. */
  static final List<PipelineFile> PIPELINES =
      Stream.of(
              "deploy/azure-pipelines/azure-pipelines.yml",
              "deploy/azure-pipelines/beside.yml",
              "examples/diabetes/azure-pipelines.yml",
              "starter/src/main/resources/dev/portage/init/project/azure-pipelines.yml")
          .map(file -> new PipelineFile(ROOT.resolve(file)))
          .toList();

  JsonNode yaml() {
    try {
      return new ObjectMapper(new YAMLFactory()).readTree(path.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text() {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything with a name of its own, and each step, whatever condition it is under. */
  List<JsonNode> steps() {
    List<JsonNode> steps = new ArrayList<>();
    for (JsonNode list : yaml().findValues("steps")) {
      collect(list, steps);
    }
    return steps;
  }

  private static void collect(JsonNode list, List<JsonNode> steps) {
    for (JsonNode one : list) {
      Map.Entry<String, JsonNode> first = one.properties().iterator().next();
      if (first.getKey().startsWith("${{")) {
        collect(first.getValue(), steps);
      } else {
        steps.add(one);
      }
    }
  }

  /** The step of a name. */
  JsonNode step(String name) {
    return steps().stream()
        .filter(step -> step.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no step " + name + " in " + path));
  }

  /** The script of a step of that name. */
  String script(String name) {
    JsonNode step = step(name);
    return step.path("bash").asText(step.path("inputs").path("inlineScript").asText());
  }

  @Override
  public String toString() {
    return ROOT.relativize(path).toString();
  }
}
