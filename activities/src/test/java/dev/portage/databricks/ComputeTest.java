package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.service.jobs.JobSettings;
import com.databricks.sdk.service.jobs.NotebookTask;
import com.databricks.sdk.service.jobs.SparkPythonTask;
import com.databricks.sdk.service.jobs.SubmitRun;
import com.databricks.sdk.service.jobs.SubmitTask;
import com.databricks.sdk.service.jobs.Task;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.portage.compute.ClusterCompute;
import dev.portage.compute.ComputeSettings;
import dev.portage.compute.Library;
import dev.portage.compute.Machines;
import dev.portage.compute.ServerlessCompute;
import dev.portage.compute.Workers;
import dev.portage.job.Source;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ComputeTest {
  private static final Source SOURCE =
      new Source(
          "https://git.example.com/ml",
          "gitHub",
          Orders.COMMIT,
          "",
          Map.of(
              "requirements.txt",
              "-i https://pypi.example.com/simple\nshap==0.46\n\nchurn-features\n"));

  @AutoClose
  private final FakeWorkspace workspace =
      FakeWorkspace.start()
          .on(
              "GET /api/2.1/clusters/spark-versions",
              """
              {"versions": [
                {"key": "16.4.x-cpu-ml-scala2.12", "name": "16.4 LTS ML"},
                {"key": "16.4.x-gpu-ml-scala2.12", "name": "16.4 LTS ML GPU"}]}
              """)
          .on(
              "GET /api/2.1/clusters/list-node-types",
              """
              {"node_types": [{"node_type_id": "m5.xlarge", "num_gpus": 0},
                {"node_type_id": "g5.xlarge", "num_gpus": 1}]}
              """)
          .on(
              "GET /api/2.0/instance-pools/list",
              """
              {"instance_pools": [
                {"instance_pool_id": "p1", "instance_pool_name": "small", "node_type_id": "g5.xlarge"},
                {"instance_pool_id": "p2", "instance_pool_name": "large"}]}
              """)
          .on(
              "GET /api/2.0/policies/clusters/list",
              """
              {"policies": [{"policy_id": "pol-1", "name": "ml-jobs", "definition":
                "{\\"spark_version\\": {\\"type\\": \\"unlimited\\", \\"defaultValue\\": \\"auto:latest-lts-ml\\"}, \
                  \\"node_type_id\\": {\\"type\\": \\"fixed\\", \\"value\\": \\"m5.xlarge\\"}, \
                  \\"num_workers\\": {\\"type\\": \\"range\\", \\"maxValue\\": 4, \\"defaultValue\\": 2}, \
                  \\"data_security_mode\\": {\\"type\\": \\"fixed\\", \\"value\\": \\"USER_ISOLATION\\"}}"}]}
              """);

  @Test
  void aClusterIsRequestedWithEverythingInItsWord() throws Exception {
    workspace.compute(
        "w",
        new ClusterCompute(
            new Machines(null, null, "m5.xlarge", "m5.2xlarge"),
            new Workers(1, 4),
            null,
            null,
            Map.of("spark.x", "1"),
            Map.of("HF_TOKEN", "{{secrets/ml/hf}}"),
            List.of(
                new Library.RequirementsFile("requirements.txt"),
                new Library.PythonPackage("shap==0.46"),
                new Library.Wheel("/Volumes/a/b/c/churn.whl"),
                new Library.Jar("dbfs:/scorer.jar"))));

    assertThat(submitted("w").path("tasks").path(0))
        .isEqualTo(
            json(
                """
                {"notebook_task": {"notebook_path": "train"},
                 "new_cluster": {
                   "spark_version": "16.4.x-cpu-ml-scala2.12", "node_type_id": "m5.xlarge",
                   "driver_node_type_id": "m5.2xlarge",
                   "autoscale": {"min_workers": 1, "max_workers": 4},
                   "data_security_mode": "SINGLE_USER",
                   "spark_conf": {"spark.x": "1"},
                   "spark_env_vars": {"HF_TOKEN": "{{secrets/ml/hf}}", "OURS": "1"}},
                 "libraries": [
                   {"pypi": {"package": "shap==0.46", "repo": "https://pypi.example.com/simple"}},
                   {"pypi": {"package": "churn-features",
                     "repo": "https://pypi.example.com/simple"}},
                   {"whl": "/Volumes/a/b/c/churn.whl"},
                   {"jar": "dbfs:/scorer.jar"}]}
                """));
  }

  @Test
  void gpuMachinesGetTheNewestGpuRuntimeAlsoThoseOfAPool() throws Exception {
    workspace.compute("type", cluster(Machines.ofType("g5.xlarge")));
    workspace.compute("pool", cluster(new Machines("small", "large", null, null)));

    assertThat(submitted("type").at("/tasks/0/new_cluster/spark_version").asText())
        .isEqualTo("16.4.x-gpu-ml-scala2.12");
    assertThat(submitted("pool").at("/tasks/0/new_cluster"))
        .isEqualTo(
            json(
                """
                {"spark_version": "16.4.x-gpu-ml-scala2.12", "instance_pool_id": "p1",
                 "driver_instance_pool_id": "p2", "num_workers": 0,
                 "data_security_mode": "SINGLE_USER",
                 "spark_conf": {"spark.databricks.cluster.profile": "singleNode",
                   "spark.master": "local[*]"},
                 "custom_tags": {"ResourceClass": "SingleNode"},
                 "spark_env_vars": {"OURS": "1"}}
                """));
  }

  @Test
  void whatAPolicyFixesIsLeftToIt() throws Exception {
    workspace.compute(
        "w",
        new ClusterCompute(
            new Machines(null, null, null, null),
            null,
            null,
            "ml-jobs",
            Map.of(),
            Map.of(),
            List.of()));

    assertThat(submitted("w").at("/tasks/0/new_cluster"))
        .isEqualTo(
            json(
                """
                {"policy_id": "pol-1", "apply_policy_default_values": true,
                 "spark_env_vars": {"OURS": "1"}}
                """));
  }

  @Test
  void aWordsOwnSettingsCountNextToItsPolicy() throws Exception {
    workspace.compute(
        "w",
        new ClusterCompute(
            Machines.ofType("m5.xlarge"),
            Workers.fixed(3),
            "16.4.x-cpu-ml-scala2.12",
            "ml-jobs",
            Map.of(),
            Map.of(),
            List.of()));

    assertThat(submitted("w").at("/tasks/0/new_cluster"))
        .isEqualTo(
            json(
                """
                {"policy_id": "pol-1", "apply_policy_default_values": true, "num_workers": 3,
                 "spark_version": "16.4.x-cpu-ml-scala2.12", "node_type_id": "m5.xlarge",
                 "spark_env_vars": {"OURS": "1"}}
                """));
  }

  @Test
  void serverlessComputeGetsLibrariesInAnEnvironmentNextToTheTasks() throws Exception {
    workspace.compute(
        "w",
        new ServerlessCompute(
            "4",
            List.of(
                new Library.RequirementsFile("requirements.txt"),
                new Library.Wheel("/Volumes/a/b/c/churn.whl"))));

    assertThat(submitted("w"))
        .isEqualTo(
            json(
                """
                {"tasks": [{"notebook_task": {"notebook_path": "train"},
                   "disable_auto_optimization": true, "environment_key": "default"}],
                 "environments": [{"environment_key": "default", "spec": {
                   "environment_version": "4",
                   "dependencies": ["--index-url https://pypi.example.com/simple", "shap==0.46",
                     "churn-features", "/Volumes/a/b/c/churn.whl"]}}]}
                """));
  }

  @Test
  void aNotebookOnPlainServerlessComputeKeepsItsOwnEnvironmentAndAScriptNeedsOne()
      throws Exception {
    assertThat(submitted(null).has("environments")).isFalse();
    DatabricksApi api = workspace.clients().of("dev");
    Task task = new Task().setSparkPythonTask(new SparkPythonTask().setPythonFile("train.py"));
    JobSettings job = new JobSettings().setTasks(List.of(task));

    new Compute(api).of(null, SOURCE, Map.of()).putOn(task, job);

    assertThat(api.json(job))
        .isEqualTo(
            json(
                """
                {"tasks": [{"spark_python_task": {"python_file": "train.py"},
                   "disable_auto_optimization": true, "environment_key": "default"}],
                 "environments": [{"environment_key": "default",
                   "spec": {"environment_version": "4"}}]}
                """));
  }

  @Test
  void aWordRemovedFromThePlatformFileIsNamedWithTheExistingOnes() {
    workspace.compute("light", ComputeSettings.serverless());

    assertThatThrownBy(() -> submitted("lihgt"))
        .hasMessageContaining("the platform file has no such compute word there")
        .hasMessageContaining("default, light");
  }

  @Test
  void aRequirementsFileThatTheCommitLacksIsNamed() {
    workspace.compute(
        "w",
        new ServerlessCompute(null, List.of(new Library.RequirementsFile("gpu/requirements.txt"))));

    assertThatThrownBy(() -> submitted("w"))
        .hasMessageContaining("install gpu/requirements.txt")
        .hasMessageContaining(Orders.COMMIT);
  }

  private static ClusterCompute cluster(Machines machines) {
    return new ClusterCompute(machines, null, null, null, Map.of(), Map.of(), List.of());
  }

  private JsonNode submitted(@Nullable String word) {
    DatabricksApi api = workspace.clients().of("dev");
    SubmitTask task = new SubmitTask().setNotebookTask(new NotebookTask().setNotebookPath("train"));
    SubmitRun run = new SubmitRun().setTasks(List.of(task));
    new Compute(api).of(word, SOURCE, Map.of("OURS", "1")).putOn(task, run);
    return api.json(run);
  }

  private static JsonNode json(String text) throws Exception {
    return JsonMapper.builder().build().readTree(text);
  }
}
