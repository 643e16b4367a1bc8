package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("S0.13")
class HelloCommandTest {

  @AutoClose private final Town town;

  HelloCommandTest(@TempDir Path folder) throws IOException {
    town = new Town(folder);
  }

  @Test
  void startsAWorkflowAndPrintsTheWorkersAnswerAndPage() throws IOException {
    Map<String, String> ui = Map.of("PORTAGE_TEMPORAL_UI", "http://127.0.0.1:8233");

    Town.Ran ran = town.working().run(ui, "hello");
    JsonNode document = Payloads.mapper().readTree(town.run(ui, "hello", "--output", "json").out());

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out())
        .contains("✓ Temporal at 127.0.0.1:")
        .contains("see http://127.0.0.1:8233/namespaces/default/workflows/hello%2F")
        .contains("a worker answered")
        .contains("hello ana@example.com: Temporal and a worker are running")
        .contains("nothing was changed")
        .contains("this server can't list them")
        .doesNotContain("temporal operator search-attribute create");
    String id = document.path("id").asText();
    assertThat(document.path("page").asText()).endsWith(id.replace("/", "%2F"));
    assertThat(
            town.client().newUntypedWorkflowStub(id).getResult(JsonNode.class).path("by").asText())
        .isEqualTo("ana@example.com");
  }

  @Test
  void withoutAWebUiAndWithoutAFileItNamesNeither(@TempDir Path elsewhere) throws IOException {
    Town.Ran empty = town.working().run(elsewhere, Map.of(), "hello");
    assertThat(empty.out())
        .contains("has no Web UI")
        .contains("build/temporal builds it")
        .doesNotContain("see Temporal's Web UI")
        .contains("nothing was changed; next: portage init");

    Files.writeString(elsewhere.resolve("promotion.yaml"), "model: churn\n");
    assertThat(town.run(elsewhere, Map.of(), "hello").out())
        .contains("nothing was changed; next: portage plan promotion.yaml");
  }

  @Test
  void aListThatIsNotToBeHadNamesTheWayToOne() {
    Town.Ran list = town.working().run("list");

    assertThat(list.code()).isEqualTo(ExitCode.WRONG);
    assertThat(list.err()).contains("can't list workflows").contains("build/temporal builds it");
  }

  @Test
  void aPipelineIsRecognisedAndGetsTheIdAsAVariable() {
    Map<String, String> pipeline =
        Map.of(
            "TF_BUILD", "True", "BUILD_BUILDID", "4711", "BUILD_REQUESTEDFOREMAIL", "x@y.example");

    Town.Ran ran = town.working().run(pipeline, "hello", "--output", "azure-devops");

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out())
        .contains("from Azure DevOps build 4711")
        .contains("##vso[task.setvariable variable=helloId;isOutput=true]hello/");
  }

  @Test
  void whatIsMissingIsNamed() {
    Town.Ran noWorker = town.run("hello");
    Town.Ran noServer = town.run(Map.of("TEMPORAL_ADDRESS", "127.0.0.1:1"), "hello");

    assertThat(noWorker.code()).isEqualTo(ExitCode.FAILED);
    assertThat(noWorker.out()).contains("✓ workflow hello/").contains("started");
    assertThat(noWorker.err())
        .contains("no worker is polling task queue portage")
        .contains("portage worker");
    assertThat(noServer.code()).isEqualTo(ExitCode.FAILED);
    assertThat(noServer.err()).contains("Temporal at 127.0.0.1:1 is not responding");
  }
}
