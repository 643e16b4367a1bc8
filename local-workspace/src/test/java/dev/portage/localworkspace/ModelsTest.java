package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.blobs.BlobSettings;
import dev.portage.localworkspace.models.ModelSettings;
import dev.portage.localworkspace.models.ModelSettings.Storage;
import dev.portage.localworkspace.rights.Right;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registered models in Unity Catalog: created as pending, written, finalised, given aliases. */
class ModelsTest {
  private static final String BASE = "/api/2.0/mlflow/unity-catalog/";
  private static final String MODELS = BASE + "registered-models/";
  private static final String VERSIONS = BASE + "model-versions/";
  private static final String FILES = "/api/2.0/fs/files/Models/main/ml/diabetes/";
  private static final String NAME = "\"name\": \"main.ml.diabetes\"";
  private static final String ONE = "{" + NAME + ", \"version\": \"1\"}";
  private static final String OTHER = "token-of-otto";
  private static final String READER = "token-of-rita";
  private static final String SIGNED =
      "signature:\n  inputs: '[{\"type\": \"double\"}]'\n  outputs: '[{\"type\": \"double\"}]'\n";

  @TempDir Path folder;
  private FakeTracking tracking;
  private TestWorkspace test;
  private SignedCalls calls;

  @BeforeEach
  void start() throws IOException {
    tracking = new FakeTracking();
    open();
  }

  private void open() throws IOException {
    test =
        TestWorkspace.with(
            folder,
            tracking.url(),
            settings ->
                settings
                    .artifacts(ArtifactSettings.in(new BlobSettings.Adls("mlflow")))
                    .models(new ModelSettings(Set.of("main.ml"), Storage.FILES))
                    .token(Token.of(OTHER, "otto@example.com", EnumSet.of(Right.MODELS_CREATE)))
                    .token(Token.of(READER, "rita@example.com", EnumSet.of(Right.MODELS_EXECUTE))));
    calls = new SignedCalls(test);
  }

  @AfterEach
  void stop() {
    calls.close();
    test.close();
    tracking.close();
  }

  @Test
  void aVersionIsPendingUntilItsFilesAreThereAndFinal() throws Exception {
    model();
    JsonNode made = version();
    assertThat(made.get("status").asText()).isEqualTo("PENDING_REGISTRATION");
    assertThat(made.get("storage_location").asText()).startsWith("abfss://");

    assertThat(calls.refused("POST", VERSIONS + "finalize", ONE))
        .as("no MLmodel")
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    put("1/MLmodel", "signature:\n  inputs: '[]'\n");
    assertThat(calls.refused("POST", VERSIONS + "finalize", ONE))
        .as("no outputs")
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(
            calls.refused("GET", VERSIONS + "get-download-uri?name=main.ml.diabetes&version=1", ""))
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    put("1/MLmodel", SIGNED);

    JsonNode ready = calls.api("POST", VERSIONS + "finalize", ONE).get("model_version");
    assertThat(ready.get("status").asText()).isEqualTo("READY");
    assertThat(calls.api("POST", VERSIONS + "finalize", ONE).get("model_version")).isEqualTo(ready);
    assertThat(status("PUT", FILES + "1/MLmodel?overwrite=true", TestWorkspace.ALL, "x"))
        .as("final")
        .isEqualTo(403);
  }

  @Test
  void aVersionsCreatorWritesItAndWhoMayExecuteReadsIt() throws Exception {
    model();
    version();
    put("1/MLmodel", SIGNED);

    assertThat(status("PUT", FILES + "1/other", OTHER, "x")).isEqualTo(403);
    assertThat(status("GET", FILES + "1/MLmodel", READER, "")).isEqualTo(200);
    assertThat(status("GET", FILES + "1/MLmodel", TestWorkspace.VIEWER, "")).isEqualTo(403);
    assertThat(status("GET", FILES + "9/MLmodel", READER, "")).isEqualTo(404);
    assertThat(calls.refused("POST", VERSIONS + "finalize", OTHER, ONE))
        .isEqualTo("403 PERMISSION_DENIED");
    assertThat(calls.refused("POST", VERSIONS + "create", READER, create()))
        .isEqualTo("403 PERMISSION_DENIED");
    String alias = "{" + NAME + ", \"alias\": \"champion\", \"version\": \"1\"}";
    assertThat(calls.refused("POST", MODELS + "alias", OTHER, alias))
        .as("not the owner")
        .isEqualTo("403 PERMISSION_DENIED");
  }

  @Test
  void onlyAVersionThatIsReadyCanBeServed() throws Exception {
    model();
    version();
    String endpoint =
        "{\"name\": \"diabetes\", \"config\": {\"served_entities\": [{\"entity_name\":"
            + " \"main.ml.diabetes\", \"entity_version\": \"1\", \"workload_size\": \"Small\"}]}}";
    assertThat(calls.refused("POST", "/api/2.0/serving-endpoints", endpoint))
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    put("1/MLmodel", SIGNED);
    calls.api("POST", VERSIONS + "finalize", ONE);

    JsonNode made = calls.api("POST", "/api/2.0/serving-endpoints", endpoint);

    assertThat(made.at("/pending_config/served_entities/0/name").asText())
        .as("the name without catalog and schema, since it has no dots")
        .isEqualTo("diabetes-1");
  }

  @Test
  void anAliasMovesAndIsRemovedWithItsVersion() throws Exception {
    model();
    version();
    version();
    for (String number : new String[] {"1", "2"}) {
      calls.api(
          "POST",
          MODELS + "alias",
          "{" + NAME + ", \"alias\": \"champion\", \"version\": \"" + number + "\"}");
    }
    String asked = MODELS + "alias?name=main.ml.diabetes&alias=champion";
    assertThat(calls.api("GET", asked, "").at("/model_version/version").asText()).isEqualTo("2");
    assertThat(
            calls
                .api("GET", MODELS + "get?name=main.ml.diabetes", "")
                .at("/registered_model/aliases")
                .toString())
        .isEqualTo("[{\"alias\":\"champion\",\"version\":\"2\"}]");

    calls.api("DELETE", VERSIONS + "delete", "{" + NAME + ", \"version\": \"2\"}");

    assertThat(calls.refused("GET", asked, "")).isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    assertThat(version().get("version").asText()).as("a number comes once").isEqualTo("3");
  }

  @Test
  void aSchemaExistsOrDoesNot() throws Exception {
    String schemas = "/api/2.1/unity-catalog/schemas/";

    assertThat(calls.api("GET", schemas + "Main.ml", "").path("full_name").asText())
        .isEqualTo("main.ml");
    assertThat(calls.refused("GET", schemas + "main.other", ""))
        .isEqualTo("404 SCHEMA_DOES_NOT_EXIST");
  }

  @Test
  void aNameHasNoUpperCaseHoweverItIsWritten() throws Exception {
    String made = calls.api("POST", MODELS + "create", "{\"name\": \"Main.ML.Other\"}").toString();

    assertThat(made).contains("\"name\":\"main.ml.other\"");
    assertThat(calls.api("GET", MODELS + "get?name=MAIN.ml.OTHER", "").at("/registered_model/name"))
        .hasToString("\"main.ml.other\"");
    assertThat(calls.refused("POST", MODELS + "create", "{\"name\": \"main.ml.oTHER\"}"))
        .isEqualTo("409 RESOURCE_ALREADY_EXISTS");
  }

  @Test
  void aSearchShowsNoTagsAndKnowsTwoFilters() throws Exception {
    model();
    version();
    version();
    String search = VERSIONS + "search?filter=";

    JsonNode found = calls.api("GET", search + "name%3D%27main.ml.diabetes%27&max_results=1", "");
    assertThat(found.at("/model_versions/0/version").asText()).isEqualTo("2");
    assertThat(found.at("/model_versions/0").has("tags")).isFalse();
    String next = found.get("next_page_token").asText();
    assertThat(
            calls
                .api("GET", VERSIONS + "search?max_results=1&page_token=" + next, "")
                .at("/model_versions/0/version")
                .asText())
        .isEqualTo("1");
    assertThat(calls.api("GET", search + "run_id%3D%27none%27", "").get("model_versions"))
        .isEmpty();
    assertThat(calls.refused("GET", search + "tags.a%3D%27b%27", ""))
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(
            calls
                .api("GET", VERSIONS + "get?name=main.ml.diabetes&version=1", "")
                .at("/model_version/tags/0/value")
                .asText())
        .isEqualTo("p-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b", "a-b", "a:b", "a/b", "a,b", "a=b", " a", ""})
  void aTagKeyThatUnityCatalogRefusesIsRefused(String key) throws Exception {
    model();
    version();
    String tag = "\"key\": \"" + key + "\", \"value\": \"x\"";

    assertThat(
            calls.refused(
                "POST", VERSIONS + "set-tag", "{" + NAME + ", \"version\": \"1\", " + tag + "}"))
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(calls.refused("POST", MODELS + "set-tag", "{" + NAME + ", " + tag + "}"))
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void modelsSurviveARestart() throws Exception {
    model();
    version();
    put("1/MLmodel", SIGNED);
    calls.api("POST", VERSIONS + "finalize", ONE);
    version();
    calls.api("DELETE", VERSIONS + "delete", "{" + NAME + ", \"version\": \"2\"}");
    JsonNode before = calls.api("GET", VERSIONS + "get?name=main.ml.diabetes&version=1", "");

    calls.close();
    test.close();
    open();

    assertThat(calls.api("GET", VERSIONS + "get?name=main.ml.diabetes&version=1", ""))
        .isEqualTo(before);
    assertThat(test.send("GET", FILES + "1/MLmodel", READER, "").body()).isEqualTo(SIGNED);
    assertThat(version().get("version").asText()).isEqualTo("3");
  }

  @Test
  void invalidRequestsAreRefused() throws Exception {
    model();
    assertThat(calls.refused("POST", MODELS + "create", "{" + NAME + "}"))
        .isEqualTo("409 RESOURCE_ALREADY_EXISTS");
    HttpResponse<String> flat =
        test.send("POST", MODELS + "create", TestWorkspace.ALL, "{\"name\": \"diabetes\"}");
    assertThat(flat.statusCode()).isEqualTo(400);
    assertThat(flat.body()).contains("specify all three levels");
    assertThat(calls.refused("POST", MODELS + "create", "{\"name\": \"prod.ml.diabetes\"}"))
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    assertThat(
            calls.refused(
                "POST", VERSIONS + "create", "{\"name\": \"main.ml.gone\", \"source\": \"x\"}"))
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    assertThat(
            calls.refused(
                "POST",
                VERSIONS + "create",
                "{" + NAME + ", \"source\": \"x\", \"model_id\": \"m-ffff\"}"))
        .as("a model of another workspace")
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    assertThat(calls.refused("POST", VERSIONS + "create", "{" + NAME + ", \"sourc\": \"x\"}"))
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(calls.refused("POST", VERSIONS + "transition-stage", "{}"))
        .isEqualTo("404 ENDPOINT_NOT_FOUND");
    String credentials =
        "{" + NAME + ", \"version\": \"1\", \"operation\": \"MODEL_VERSION_OPERATION_READ_WRITE\"}";
    version();
    assertThat(calls.refused("POST", VERSIONS + "generate-temporary-credentials", credentials))
        .as("the Files API serves files here")
        .isEqualTo("403 PERMISSION_DENIED");
  }

  private void model() throws Exception {
    calls.api("POST", MODELS + "create", "{" + NAME + ", \"description\": \"a model\"}");
  }

  private static String create() {
    return "{"
        + NAME
        + ", \"source\": \"runs:/x/model\", \"run_id\": \"x\", \"tags\": [{\"key\":"
        + " \"promotion\", \"value\": \"p-1\"}]}";
  }

  private JsonNode version() throws Exception {
    return calls.api("POST", VERSIONS + "create", create()).get("model_version");
  }

  private void put(String path, String content) throws Exception {
    assertThat(status("PUT", FILES + path + "?overwrite=true", TestWorkspace.ALL, content))
        .isEqualTo(204);
  }

  private int status(String method, String path, String token, String body) throws Exception {
    return test.send(method, path, token, body).statusCode();
  }
}
