package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.core.error.platform.InvalidParameterValue;
import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.service.compute.AutoScale;
import com.databricks.sdk.service.compute.ClusterSpec;
import com.databricks.sdk.service.compute.ListClusterPoliciesRequest;
import com.databricks.sdk.service.compute.NodeType;
import com.databricks.sdk.service.compute.Policy;
import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.SubmitRun;
import com.databricks.sdk.service.jobs.SubmitTask;
import dev.portage.localworkspace.pools.ClusterPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterPolicyTest {
  private static final String RUNTIME = "16.4.x-cpu-ml-scala2.12";

  private static final String DEFINITION =
      """
      {"node_type_id": {"type": "allowlist", "values": ["Standard_D4ds_v5", "Standard_E8ds_v5"],
        "defaultValue": "Standard_D4ds_v5"},
       "driver_node_type_id": {"type": "blocklist", "values": ["i3.xlarge"]},
       "num_workers": {"type": "range", "minValue": 1, "maxValue": 4, "defaultValue": 2},
       "spark_version": {"type": "regex", "pattern": "1[67]\\\\.[0-9]\\\\.x-.*"},
       "instance_pool_id": {"type": "forbidden"},
       "spark_conf.spark.sql.shuffle.partitions": {"type": "fixed", "value": "64"},
       "cluster_type": {"type": "fixed", "value": "job"},
       "dbus_per_hour": {"type": "range", "maxValue": 1},
       "autotermination_minutes": {"type": "fixed", "value": 30}}
      """;

  @TempDir private Path folder;
  @AutoClose private TestWorkspace test;

  @BeforeEach
  void start() throws IOException {
    test =
        TestWorkspace.with(
            folder,
            null,
            settings ->
                settings
                    .policy(new ClusterPolicy("ml", "policy-1", DEFINITION))
                    .policy(
                        new ClusterPolicy(
                            "interactive",
                            "policy-2",
                            "{\"cluster_type\": {\"type\": \"fixed\", \"value\": \"all-purpose\"}}"))
                    .policy(
                        new ClusterPolicy(
                            "tagged",
                            "policy-3",
                            "{\"custom_tags.team\": {\"type\": \"unlimited\"}}")));
  }

  @Test
  void policiesAndNodeTypesAreListed() {
    assertThat(test.client.clusterPolicies().list(new ListClusterPoliciesRequest()))
        .extracting(Policy::getName)
        .containsExactly("ml", "interactive", "tagged");
    assertThat(test.client.clusterPolicies().get("policy-1").getDefinition()).contains("allowlist");
    assertThatThrownBy(() -> test.client.clusterPolicies().get("policy-9"))
        .isInstanceOf(NotFound.class);
    assertThat(test.client.clusters().listNodeTypes().getNodeTypes())
        .filteredOn(type -> type.getNumGpus() > 0)
        .extracting(NodeType::getNodeTypeId)
        .contains("Standard_NC4as_T4_v3", "g5.xlarge");
  }

  @Test
  void aPolicysSettingsAreReturnedWithTheJob() {
    ClusterSpec given = given(policy().setApplyPolicyDefaultValues(true));

    assertThat(given.getNodeTypeId()).isEqualTo("Standard_D4ds_v5");
    assertThat(given.getNumWorkers()).isEqualTo(2);
    assertThat(given.getSparkConf()).isEqualTo(Map.of("spark.sql.shuffle.partitions", "64"));
    assertThat(given.getApplyPolicyDefaultValues()).isNull();
  }

  @Test
  void defaultsApplyOnlyOnRequest() {
    ClusterSpec given = given(policy().setNodeTypeId("Standard_E8ds_v5").setNumWorkers(1L));

    assertThat(given.getNodeTypeId()).isEqualTo("Standard_E8ds_v5");
    assertThat(given.getSparkConf()).containsKey("spark.sql.shuffle.partitions");
    refuse(policy().setNumWorkers(1L), "node_type_id, the value must be present");
  }

  @Test
  void aRangeOfWorkersExcludesTheirNumber() {
    ClusterSpec given =
        given(
            policy()
                .setApplyPolicyDefaultValues(true)
                .setAutoscale(new AutoScale().setMinWorkers(1L).setMaxWorkers(2L)));

    assertThat(given.getNumWorkers()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          node_type_id        | i3.xlarge | node_type_id, the value must be in [Standard_D4ds_v5, Standard_E8ds_v5] (is "i3.xlarge")
          driver_node_type_id | i3.xlarge | driver_node_type_id, the value must not be in [i3.xlarge] (is "i3.xlarge")
          num_workers         | 8         | num_workers, the value must be less than or equal to 4 (is "8")
          num_workers         | 0         | num_workers, the value must be greater than or equal to 1 (is "0")
          spark_version       | 15.4.x-cpu-ml-scala2.12 | spark_version, the value must match
          instance_pool_id    | pool-1    | instance_pool_id, the value cannot be present (is "pool-1")
          partitions          | 8         | spark_conf.spark.sql.shuffle.partitions, the value must be 64 (is "8")
          """)
  void whatAPolicyForbidsIsRefusedWithAttributeAndValue(
      String attribute, String value, String said) {
    ClusterSpec asked = policy().setApplyPolicyDefaultValues(true);
    switch (attribute) {
      case "node_type_id" -> asked.setNodeTypeId(value);
      case "driver_node_type_id" -> asked.setDriverNodeTypeId(value);
      case "num_workers" -> asked.setNumWorkers(Long.valueOf(value));
      case "spark_version" -> asked.setSparkVersion(value);
      case "instance_pool_id" -> asked.setInstancePoolId(value);
      default -> asked.setSparkConf(Map.of("spark.sql.shuffle.partitions", value));
    }
    refuse(asked, said);
  }

  @Test
  void aPolicyForOtherClustersOrAMissingTagIsRefused() {
    ClusterSpec plain =
        new ClusterSpec().setSparkVersion(RUNTIME).setNodeTypeId("Standard_D4ds_v5");
    refuse(
        plain.setPolicyId("policy-2"), "cluster_type, the value must be all-purpose (is \"job\")");
    refuse(plain.setPolicyId("policy-3"), "custom_tags.team, the value must be present");
    given(plain.setCustomTags(Map.of("team", "ml")));
  }

  @ParameterizedTest
  @CsvSource({
    "Standard_D4dsv5, 16.4.x-cpu-ml-scala2.12, is not supported. Supported node types",
    "Standard_NC24ads_A100_v4, 16.4.x-gpu-ml-scala2.12, is NotAvailableInRegion",
    "Standard_NC4as_T4_v3, 16.4.x-cpu-ml-scala2.12, has GPUs and can't be used with",
    "Standard_D4ds_v5, 16.4.x-gpu-ml-scala2.12, has no GPUs and can't be used with",
  })
  void aNodeTypeThatTheWorkspaceCannotUseIsRefused(String type, String runtime, String said) {
    assertThatThrownBy(() -> submit(new ClusterSpec().setSparkVersion(runtime).setNodeTypeId(type)))
        .isInstanceOf(InvalidParameterValue.class)
        .hasMessageContaining(said);
  }

  private static ClusterSpec policy() {
    return new ClusterSpec().setPolicyId("policy-1").setSparkVersion(RUNTIME);
  }

  private ClusterSpec given(ClusterSpec asked) {
    long job =
        test.client
            .jobs()
            .create(
                new CreateJob()
                    .setName("score")
                    .setGitSource(TestWorkspace.git())
                    .setTasks(List.of(TestWorkspace.task("score").setNewCluster(asked))))
            .getJobId();
    return test.client.jobs().get(job).getSettings().getTasks().iterator().next().getNewCluster();
  }

  private void refuse(ClusterSpec asked, String said) {
    String message = "Cluster validation error: Validation failed for " + said;
    assertThatThrownBy(() -> given(asked))
        .isInstanceOf(InvalidParameterValue.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> submit(asked)).hasMessageContaining(message);
  }

  private void submit(ClusterSpec asked) {
    test.submit(
        new SubmitRun()
            .setRunName("train")
            .setGitSource(TestWorkspace.git())
            .setTasks(
                List.of(
                    new SubmitTask()
                        .setTaskKey("train")
                        .setNotebookTask(TestWorkspace.notebook())
                        .setNewCluster(asked))));
  }
}
