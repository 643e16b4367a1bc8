package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.portage.compute.ClusterCompute;
import dev.portage.compute.ComputeSettings;
import dev.portage.compute.Library;
import dev.portage.compute.Machines;
import dev.portage.compute.ServerlessCompute;
import dev.portage.compute.Workers;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeLookTest {
  private static final String CPU = "16.4.x-cpu-ml-scala2.12";
  private static final String GPU = "16.4.x-gpu-ml-scala2.12";
  private static final String POLICIES = "GET /api/2.0/policies/clusters/list";

  @AutoClose
  private final FakeWorkspace workspace =
      FakeWorkspace.start()
          .on(
              "GET /api/2.0/preview/scim/v2/Me",
              "{\"id\": \"88\", \"userName\": \"ana@example.com\"}")
          .on(
              "GET /api/2.1/clusters/spark-versions",
              """
              {"versions": [
                {"key": "16.4.x-cpu-ml-scala2.12", "name": "16.4 LTS ML"},
                {"key": "16.4.x-gpu-ml-scala2.12", "name": "16.4 LTS ML GPU"},
                {"key": "16.4.x-scala2.12", "name": "16.4 LTS"},
                {"key": "15.4.x-cpu-ml-scala2.12", "name": "15.4 LTS ML"}]}
              """)
          .on(
              "GET /api/2.1/clusters/list-node-types",
              """
              {"node_types": [
                {"node_type_id": "Standard_DS3_v2", "num_gpus": 0},
                {"node_type_id": "Standard_NC4as_T4_v3", "num_gpus": 1},
                {"node_type_id": "Standard_NC6s_v3", "num_gpus": 1, "is_deprecated": true},
                {"node_type_id": "Standard_A100", "num_gpus": 1,
                 "node_info": {"status": ["NotAvailableInRegion"]}}]}
              """)
          .on(
              "GET /api/2.0/instance-pools/list",
              """
              {"instance_pools": [
                {"instance_pool_id": "p1", "instance_pool_name": "ml-small", "state": "ACTIVE",
                 "node_type_id": "Standard_DS3_v2"},
                {"instance_pool_id": "p2", "instance_pool_name": "gone", "state": "DELETED"}]}
              """)
          .on("POST /api/2.2/jobs/runs/submit", _ -> FakeWorkspace.refusal(400, "X", "task_key"));

  @Test
  void aWordThatTheWorkspaceCanServeHasNoFinding() {
    policy("{\"num_workers\": {\"type\": \"range\", \"maxValue\": 4}}");
    workspace.compute(
        "gpu-small",
        cluster(Machines.ofType("Standard_NC4as_T4_v3"), Workers.fixed(2), GPU, "ml-jobs"));

    assertThat(findings("gpu-small"))
        .extracting(finding -> finding.what() + " is " + finding.verdict())
        .containsExactly(
            "compute gpu-small: node type Standard_NC4as_T4_v3 is OK",
            "compute gpu-small: runtime is OK",
            "compute gpu-small: policy ml-jobs is OK");
  }

  @Test
  void aPromotionChecksItsOwnWordsAndTheDoctorAllOfThem() {
    workspace
        .compute("light", new ServerlessCompute("4", List.of()))
        .compute("wrong", cluster(Machines.ofPool("no-such-pool"), null, null, null));

    assertThat(findings("light"))
        .extracting(Finding::text)
        .containsExactly("serverless, environment version 4");
    assertThat(look(new WorkspaceNeeds("dev", null, null, List.of(Right.RUN_JOBS))))
        .extracting(Finding::what)
        .contains("compute", "compute light", "compute wrong: pool no-such-pool");
  }

  @Test
  @Tag("S4.11")
  void aRuntimeThatIsNoLongerOfferedIsNamedWithThoseThatAre() {
    workspace.compute("w", cluster(Machines.ofPool("ml-small"), null, "9.1.x-cpu-ml", null));

    Finding failed = lack("w");

    assertThat(failed.what()).isEqualTo("compute w: runtime");
    assertThat(failed.text()).isEqualTo("9.1.x-cpu-ml is not offered");
    assertThat(failed.remedy()).contains(CPU).contains(GPU).doesNotContain("16.4.x-scala2.12");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Standard_DS3v2  | the workspace offers no such node type; did you mean "Standard_DS3_v2"?
          p4d.24xlarge    | the workspace offers no such node type; it offers: Standard_A100, Standard_DS3_v2, Standard_NC4as_T4_v3, Standard_NC6s_v3
          Standard_A100   | it is not available in the workspace's region
          """)
  void anUnavailableNodeTypeIsNamed(String type, String text) {
    workspace.compute("w", cluster(Machines.ofType(type), null, null, null));

    assertThat(lacks("w").getFirst().text()).isEqualTo(text);
    workspace.compute(
        "d", cluster(new Machines(null, null, "Standard_DS3_v2", type), null, CPU, null));
    assertThat(lacks("d").getFirst().text()).isEqualTo(text);
  }

  @Test
  void aDeprecatedNodeTypeIsNotedAndStopsNothing() {
    workspace.compute("w", cluster(Machines.ofType("Standard_NC6s_v3"), null, GPU, null));

    assertThat(findings("w").getFirst().verdict()).isEqualTo(Verdict.NOTE);
    assertThat(lacks("w")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Standard_DS3_v2      | 16.4.x-gpu-ml-scala2.12 | 16.4.x-gpu-ml-scala2.12 is for GPUs, but Standard_DS3_v2 has none
          Standard_NC4as_T4_v3 | 16.4.x-cpu-ml-scala2.12 | 16.4.x-cpu-ml-scala2.12 is for machines without GPUs, but Standard_NC4as_T4_v3 has them
          """)
  void aRuntimeMustFitTheMachines(String type, String runtime, String text) {
    workspace.compute("w", cluster(Machines.ofType(type), null, runtime, null));

    assertThat(lack("w").text()).isEqualTo(text);
  }

  @Test
  void aGpuRuntimeOnAPoolWithoutGpusIsAFinding() {
    workspace.compute("w", cluster(Machines.ofPool("ml-small"), null, GPU, null));

    assertThat(lack("w").text()).contains("is for GPUs, but Standard_DS3_v2 has none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ml-smal", "gone"})
  void aMissingPoolIsNamedForWorkersAndDriver(String pool) {
    workspace.compute("w", cluster(new Machines(pool, "other", null, null), null, CPU, null));

    assertThat(lacks("w"))
        .extracting(Finding::text)
        .containsExactly(
            "there is no pool with that name; there is: ml-small",
            "there is no pool with that name; there is: ml-small");
  }

  @Test
  void aMissingPolicyIsNamedWithTheExistingOnes() {
    policy("{}");
    workspace.compute("w", cluster(Machines.ofPool("ml-small"), null, CPU, "ml-job"));

    Finding failed = lack("w");

    assertThat(failed.text()).isEqualTo("there is no policy with that name; there is: ml-jobs");
    assertThat(failed.remedy()).contains("CAN_USE").contains("ana@example.com");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\1',
      textBlock =
          """
          {"node_type_id": {"type": "fixed", "value": "m5.xlarge"}} | node_type_id Standard_DS3_v2 is not allowed; allowed: m5.xlarge only, which the policy fixes
          {"node_type_id": {"type": "allowlist", "values": ["a", "b"]}} | node_type_id Standard_DS3_v2 is not allowed; allowed: a, b
          {"node_type_id": {"type": "blocklist", "values": ["Standard_DS3_v2"]}} | node_type_id Standard_DS3_v2 is not allowed; allowed: any but Standard_DS3_v2
          {"node_type_id": {"type": "regex", "pattern": "m5\\\\..*"}} | node_type_id Standard_DS3_v2 is not allowed; allowed: what matches m5\\..*
          {"node_type_id": {"type": "forbidden"}} | node_type_id Standard_DS3_v2 is not allowed; allowed: none: the policy forbids the attribute
          {"num_workers": {"type": "range", "maxValue": 4}} | num_workers 8 is not allowed; allowed: 4 or less
          {"num_workers": {"type": "range", "minValue": 10, "maxValue": 20}} | num_workers 8 is not allowed; allowed: 10 to 20
          {"num_workers": {"type": "fixed", "value": 0}} | num_workers 8 is not allowed; allowed: 0 only, which the policy fixes
          {"spark_version": {"type": "allowlist", "values": ["auto:latest-lts-ml", "14.3.x-scala2.12"]}} | spark_version 15.4.x-cpu-ml-scala2.12 is not allowed; allowed: auto:latest-lts-ml, 14.3.x-scala2.12
          {"spark_conf.spark.sql.shuffle.partitions": {"type": "fixed", "value": "200"}} | spark_conf.spark.sql.shuffle.partitions 64 is not allowed; allowed: 200 only, which the policy fixes
          {"spark_env_vars.MODE": {"type": "allowlist", "values": ["prod"]}} | spark_env_vars.MODE test is not allowed; allowed: prod
          {"custom_tags.team": {"type": "unlimited"}} | custom_tags.team is missing; allowed: any value
          {"cluster_type": {"type": "fixed", "value": "all-purpose"}} | cluster_type job is not allowed; allowed: all-purpose only, which the policy fixes
          """)
  void aForbiddenAttributeIsNamedWithItsValueAndWhatIsAllowed(String policy, String text) {
    policy(policy);
    workspace.compute("w", busy());

    assertThat(lack("w").text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"dbus_per_hour\": {\"type\": \"range\", \"maxValue\": 1}}",
        "{\"autotermination_minutes\": {\"type\": \"fixed\", \"value\": 10}}",
        "{\"spark_version\": {\"type\": \"fixed\", \"value\": \"auto:prev-lts-ml\"}}",
        "{\"custom_tags.team\": {\"type\": \"unlimited\", \"isOptional\": true}}",
        "{\"custom_tags.team\": {\"type\": \"fixed\", \"value\": \"ml\"}}",
        "{\"init_scripts.*.volumes.destination\": {\"type\": \"forbidden\"}}",
        "{\"autoscale.max_workers\": {\"type\": \"range\", \"maxValue\": 2}}",
        "not JSON",
      })
  void otherRulesOfAPolicyAreLeftToTheWorkspace(String policy) {
    policy(policy);
    workspace.compute("w", busy());

    assertThat(lacks("w")).isEmpty();
  }

  @Test
  void everythingForbiddenIsReportedTogether() {
    policy(
        "{\"node_type_id\": {\"type\": \"fixed\", \"value\": \"a\"},"
            + " \"num_workers\": {\"type\": \"range\", \"maxValue\": 4}}");
    workspace.compute("w", busy());

    assertThat(lack("w").text()).contains("node_type_id").contains("num_workers");
  }

  private static ClusterCompute busy() {
    return new ClusterCompute(
        Machines.ofType("Standard_DS3_v2"),
        Workers.fixed(8),
        "15.4.x-cpu-ml-scala2.12",
        "ml-jobs",
        Map.of("spark.sql.shuffle.partitions", "64"),
        Map.of("MODE", "test"),
        List.of(new Library.PythonPackage("shap")));
  }

  private static ComputeSettings cluster(
      Machines machines,
      @Nullable Workers workers,
      @Nullable String runtime,
      @Nullable String policy) {
    return new ClusterCompute(machines, workers, runtime, policy, Map.of(), Map.of(), List.of());
  }

  private void policy(String definition) {
    workspace.on(
        POLICIES,
        json(
            Map.of(
                "policies",
                List.of(
                    Map.of("policy_id", "pol-1", "name", "ml-jobs", "definition", definition)))));
  }

  private static String json(Map<String, ?> answer) {
    return JsonMapper.builder().build().valueToTree(answer).toString();
  }

  private Finding lack(String word) {
    List<Finding> lacks = lacks(word);
    assertThat(lacks).hasSize(1);
    return lacks.getFirst();
  }

  private List<Finding> lacks(String word) {
    return findings(word).stream().filter(finding -> finding.verdict() == Verdict.LACK).toList();
  }

  private List<Finding> findings(String word) {
    return look(
            new WorkspaceNeeds(
                "dev", "churn", null, List.of(Right.RUN_JOBS), null, List.of(word), null, null))
        .stream()
        .filter(finding -> finding.what().startsWith("compute"))
        .toList();
  }

  private List<Finding> look(WorkspaceNeeds needs) {
    return new DatabricksInspection(workspace.clients()).inspect(needs).findings();
  }
}
