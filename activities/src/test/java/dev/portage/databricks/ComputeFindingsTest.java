package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.compute.ClusterCompute;
import dev.portage.compute.Machines;
import dev.portage.compute.ServerlessCompute;
import dev.portage.compute.Workers;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a compute word needs besides machines: secrets, tags, serverless compute, room in a pool.
 */
class ComputeFindingsTest {
  private static final String RUNTIME = "16.4.x-cpu-ml-scala2.12";
  private static final String SECRETS = "GET /api/2.0/secrets/list";
  private static final String SUBMIT = "POST /api/2.2/jobs/runs/submit";

  @AutoClose
  private final FakeWorkspace workspace =
      FakeWorkspace.start()
          .on("GET " + Me.PATH, "{\"id\": \"88\", \"userName\": \"ana@example.com\"}")
          .on(
              "GET /api/2.1/clusters/spark-versions",
              "{\"versions\": [{\"key\": \"" + RUNTIME + "\", \"name\": \"16.4 LTS ML\"}]}")
          .on(
              "GET /api/2.1/clusters/list-node-types",
              "{\"node_types\": [{\"node_type_id\": \"m5.xlarge\", \"num_gpus\": 0}]}")
          .on(
              "GET /api/2.0/instance-pools/list",
              """
              {"instance_pools": [
                {"instance_pool_id": "p1", "instance_pool_name": "small", "max_capacity": 4,
                 "node_type_id": "m5.xlarge"},
                {"instance_pool_id": "p2", "instance_pool_name": "open", "node_type_id": "m5.xlarge"}]}
              """)
          .on(SUBMIT, _ -> FakeWorkspace.refusal(400, "INVALID_PARAMETER_VALUE", "token too long"));

  @Test
  void existingSecretsAreFoundByNameAndNeverRead() {
    workspace.on(SECRETS, "{\"secrets\": [{\"key\": \"hf-token\"}, {\"key\": \"jdbc\"}]}");
    workspace.compute("w", secrets("{{secrets/ml/hf-token}}", "{{secrets/ml/jdbc}}"));
    workspace.compute("v", secrets("{{secrets/ml/jdbc}}", "plain"));

    assertThat(find("w", "v"))
        .filteredOn(finding -> finding.what().endsWith("secrets"))
        .extracting(Finding::text)
        .containsExactly(
            "ml/hf-token, ml/jdbc can be read by ana@example.com",
            "ml/jdbc can be read by ana@example.com");
    assertThat(workspace.calls(SECRETS))
        .singleElement()
        .satisfies(call -> assertThat(call.query("scope")).isEqualTo("ml"));
    assertThat(workspace.calls("GET /api/2.0/secrets/get")).isEmpty();
  }

  @Test
  void aMissingSecretIsNamedWithASimilarOne() {
    workspace.on(SECRETS, "{\"secrets\": [{\"key\": \"hf-token\"}]}");
    workspace.compute("w", secrets("{{secrets/ml/hf_token}}", "{{secrets/ml/hf-token}}"));

    Finding failed = lack("w");

    assertThat(failed.what()).isEqualTo("compute w: secrets");
    assertThat(failed.text())
        .isEqualTo("secret scope ml has no secret hf_token; did you mean \"hf-token\"?");
    assertThat(failed.remedy()).contains("databricks secrets put-secret ml hf_token");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          404 | RESOURCE_DOES_NOT_EXIST | Scope ml does not exist!                                   | there is no secret scope ml          | databricks secrets create-scope ml
          403 | PERMISSION_DENIED       | ana does not have READ permission on scope ml              | ana@example.com may not read secret scope ml: 403 PERMISSION_DENIED | databricks secrets put-acl ml ana@example.com READ
          400 | BAD_REQUEST             | Key Vault is not reachable                                 | Key Vault is not reachable           | Correct
          """)
  void aMissingOrUnreadableScopeIsNamedOnce(
      int status, String code, String message, String text, String remedy) {
    workspace.on(SECRETS, _ -> FakeWorkspace.refusal(status, code, message));
    workspace.compute("w", secrets("{{secrets/ml/a}}", "{{secrets/ml/b}}"));

    Finding failed = lack("w");

    assertThat(failed.text()).contains(text);
    assertThat(failed.remedy()).contains(remedy);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "One of job_cluster_key, new_cluster, or existing_cluster_id must be specified. Serverless"
            + " compute for workflows is not enabled in the workspace.",
        "Serverless compute is not supported in this region.",
        "Task portage: one of new_cluster or existing_cluster_id must be specified."
      })
  void aWorkspaceWithoutServerlessComputeIsRecognisedByItsError(String message) {
    workspace.on(SUBMIT, _ -> FakeWorkspace.refusal(400, "INVALID_PARAMETER_VALUE", message));
    workspace.compute("light", new ServerlessCompute("4", List.of()));

    Finding failed = lack("light");

    assertThat(failed.text())
        .startsWith(
            "the workspace has no serverless compute for jobs: 400 INVALID_PARAMETER_VALUE");
    assertThat(failed.remedy()).contains("pool, node-type or policy for the word light");
    assertThat(find(new @Nullable String[] {null}))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.what()).isEqualTo("compute");
          assertThat(found.verdict()).isEqualTo(Verdict.LACK);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"idempotency_token must have at most 64 characters", "task_key"})
  void anotherRefusalIsNoEvidenceAgainstServerlessCompute(String message) {
    workspace.on(SUBMIT, _ -> FakeWorkspace.refusal(400, "INVALID_PARAMETER_VALUE", message));

    assertThat(find(new @Nullable String[] {null}))
        .extracting(Finding::verdict)
        .containsExactly(Verdict.OK);
    assertThat(workspace.calls(SUBMIT))
        .singleElement()
        .satisfies(call ->
            assertThat(call.body().path("idempotency_token").asText()).hasSizeGreaterThan(64));
  }

  @Test
  void aProbeRunThatStartsAnywayIsCancelledImmediately() {
    workspace.on(SUBMIT, "{\"run_id\": 9}").on("POST /api/2.2/jobs/runs/cancel", "{}");

    assertThat(find(new @Nullable String[] {null}))
        .extracting(Finding::verdict)
        .containsExactly(Verdict.OK);
    assertThat(workspace.calls("POST /api/2.2/jobs/runs/cancel"))
        .singleElement()
        .satisfies(call -> assertThat(call.body().path("run_id").asLong()).isEqualTo(9));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          small | -     | 3 | - | -
          small | -     | 4 | - | it holds at most 4 machines, but 5 are requested
          small | open  | 4 | - | -
          small | open  | 5 | - | it holds at most 4 machines, but 5 are requested
          small | -     | 2 | 9 | -
          small | -     | 4 | 9 | it holds at most 4 machines, but 5 are requested
          open  | -     | 99 | - | -
          """)
  void aPoolMustHaveRoomForAllRequestedNodes(
      String pool,
      @Nullable String driver,
      int least,
      @Nullable Integer most,
      @Nullable String text) {
    workspace.compute(
        "w",
        new ClusterCompute(
            new Machines(pool, driver, null, null),
            new Workers(least, most),
            RUNTIME,
            null,
            Map.of(),
            Map.of(),
            List.of()));

    assertThat(lacks("w"))
        .extracting(Finding::text)
        .isEqualTo(text == null ? List.of() : List.of(text));
    assertThat(find("w"))
        .filteredOn(finding -> finding.verdict() == Verdict.NOTE)
        .hasSize(text == null && most != null ? 1 : 0);
  }

  /** The word provides a tag that a policy requires, or the policy does. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\1',
      nullValues = "-",
      textBlock =
          """
          {"type": "unlimited"}                                            | - | custom_tags.team is missing; allowed: any value
          {"type": "unlimited"}                                            | ml | -
          {"type": "unlimited", "isOptional": true}                        | - | -
          {"type": "unlimited", "defaultValue": "ml"}                      | - | -
          {"type": "fixed", "value": "ml"}                                 | - | -
          {"type": "fixed", "value": "ml"}                                 | ml | -
          {"type": "fixed", "value": "ml"}                                 | web | custom_tags.team web is not allowed; allowed: ml only, which the policy fixes
          {"type": "allowlist", "values": ["ml", "web"]}                   | - | custom_tags.team is missing; allowed: ml, web
          {"type": "allowlist", "values": ["ml", "web"]}                   | web | -
          {"type": "allowlist", "values": ["ml", "web"]}                   | ops | custom_tags.team ops is not allowed; allowed: ml, web
          {"type": "allowlist", "values": ["ml"], "defaultValue": "ml"}    | - | -
          {"type": "allowlist", "values": ["ml"], "isOptional": true}      | ops | custom_tags.team ops is not allowed; allowed: ml
          {"type": "blocklist", "values": ["test"]}                        | test | custom_tags.team test is not allowed; allowed: any but test
          {"type": "blocklist", "values": ["test"]}                        | - | custom_tags.team is missing; allowed: any but test
          {"type": "regex", "pattern": "[0-9]{4}"}                         | 4711 | -
          {"type": "regex", "pattern": "[0-9]{4}"}                         | 47111 | custom_tags.team 47111 is not allowed; allowed: what matches [0-9]{4}
          {"type": "regex", "pattern": "[0-9]{4}"}                         | - | custom_tags.team is missing; allowed: what matches [0-9]{4}
          {"type": "range", "minValue": 100, "maxValue": 200}              | 150 | -
          {"type": "range", "minValue": 100, "maxValue": 200}              | 250 | custom_tags.team 250 is not allowed; allowed: 100 to 200
          {"type": "range", "minValue": 100}                               | ml | custom_tags.team ml is not allowed; allowed: 100 or more
          {"type": "forbidden"}                                            | - | -
          {"type": "forbidden"}                                            | ml | custom_tags.team ml is not allowed; allowed: none: the policy forbids the attribute
          """)
  @Tag("S4.12")
  void aPolicysRulesForTagsApply(String rule, @Nullable String team, @Nullable String text) {
    policy("{\"custom_tags.team\": " + rule + "}");
    workspace.compute(
        "w",
        new ClusterCompute(
            Machines.ofType("m5.xlarge"),
            Workers.fixed(2),
            RUNTIME,
            "ml-jobs",
            Map.of(),
            Map.of(),
            List.of(),
            team == null ? Map.of() : Map.of("team", team)));

    assertThat(lacks("w"))
        .extracting(Finding::text)
        .isEqualTo(text == null ? List.of() : List.of(text));
  }

  /**
   * Settings and variables that a policy limits are required unless the policy makes them optional.
   */
  @ParameterizedTest
  @ValueSource(strings = {"spark_conf.spark.speculation", "spark_env_vars.MODE"})
  void aSettingOrVariableThatAPolicyRequiresMustBeSet(String attribute) {
    policy("{\"" + attribute + "\": {\"type\": \"unlimited\"}}");
    workspace.compute(
        "w",
        new ClusterCompute(
            Machines.ofType("m5.xlarge"), null, RUNTIME, "ml-jobs", Map.of(), Map.of(), List.of()));

    assertThat(lack("w").text()).isEqualTo(attribute + " is missing; allowed: any value");
  }

  private void policy(String definition) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer
        .putArray("policies")
        .addObject()
        .put("policy_id", "pol-1")
        .put("name", "ml-jobs")
        .put("definition", definition);
    workspace.on("GET /api/2.0/policies/clusters/list", answer.toString());
  }

  private static ClusterCompute secrets(String variable, String setting) {
    return new ClusterCompute(
        Machines.ofType("m5.xlarge"),
        null,
        RUNTIME,
        null,
        Map.of("spark.jdbc", setting),
        Map.of("HF_TOKEN", variable, "MODE", "test"),
        List.of());
  }

  private Finding lack(String word) {
    List<Finding> lacks = lacks(word);
    assertThat(lacks).hasSize(1);
    return lacks.getFirst();
  }

  private List<Finding> lacks(String word) {
    return find(word).stream().filter(finding -> finding.verdict() == Verdict.LACK).toList();
  }

  private List<Finding> find(@Nullable String... words) {
    DatabricksApi api = workspace.clients().of("dev");
    Me me = Me.of(api.probe("who", "GET", Me.PATH, null));
    return new ComputeCheck(api, me).look(Arrays.asList(words));
  }
}
