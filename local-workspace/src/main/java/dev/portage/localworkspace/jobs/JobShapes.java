package dev.portage.localworkspace.jobs;

import dev.portage.localworkspace.protocol.Shape;
import dev.portage.localworkspace.protocol.Shape.Fields;

/**
 * The request bodies of the Jobs API 2.2, field by field.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/create">Jobs API reference</a>
 */
final class JobShapes {
  private static final Shape TEXTS = Shape.mapOf(Shape.text(), 1000);
  private static final Shape SECONDS = Shape.whole(0, 60L * 60 * 24 * 30);
  private static final Shape IDEMPOTENCY_TOKEN = Shape.text(64);

  private static final Fields GIT_SOURCE =
      Shape.fields()
          .needs("git_url", Shape.text(300, "(https?|file)://.+", "an https: or file: URL"))
          .needs(
              "git_provider",
              Shape.oneOf(
                  "gitHub",
                  "bitbucketCloud",
                  "azureDevOpsServices",
                  "gitHubEnterprise",
                  "bitbucketServer",
                  "gitLab",
                  "gitLabEnterpriseEdition",
                  "awsCodeCommit"))
          .with("git_branch", Shape.text(255, "[^-\\s][^\\s~^:?*\\[\\\\]*", "the name of a branch"))
          .with("git_tag", Shape.text(255, "[^-\\s][^\\s~^:?*\\[\\\\]*", "the name of a tag"))
          .with("git_commit", Shape.text(64, "[0-9a-f]{40}|[0-9a-f]{64}", "a commit id in full"))
          .lacks("git_snapshot", "job_source", "sparse_checkout");

  private static final Fields NOTEBOOK_TASK =
      Shape.fields()
          .needs("notebook_path", Shape.text(1000))
          .with("base_parameters", TEXTS)
          .with("source", Shape.oneOf("GIT", "WORKSPACE"))
          .lacks("warehouse_id");

  private static final Fields SPARK_PYTHON_TASK =
      Shape.fields()
          .needs("python_file", Shape.text(1000))
          .with("parameters", Shape.listOf(Shape.text(), 10_000))
          .with("source", Shape.oneOf("GIT", "WORKSPACE"));

  private static final Fields PYTHON_WHEEL_TASK =
      Shape.fields()
          .needs("package_name", Shape.text(1000))
          .needs("entry_point", Shape.text(1000))
          .with("parameters", Shape.listOf(Shape.text(), 10_000))
          .with("named_parameters", TEXTS);

  private static final Fields NEW_CLUSTER =
      Shape.fields()
          .with("spark_version", Shape.text())
          .with("policy_id", Shape.text())
          .with("apply_policy_default_values", Shape.flag())
          .with("instance_pool_id", Shape.text())
          .with("driver_instance_pool_id", Shape.text())
          .with("node_type_id", Shape.text())
          .with("driver_node_type_id", Shape.text())
          .with("num_workers", Shape.whole(0, 100_000))
          .with(
              "autoscale",
              Shape.fields()
                  .needs("min_workers", Shape.whole(0, 100_000))
                  .needs("max_workers", Shape.whole(1, 100_000)))
          .with("spark_env_vars", TEXTS)
          .with("spark_conf", TEXTS)
          .with("custom_tags", Shape.mapOf(Shape.text(), 45))
          .with("is_single_node", Shape.flag())
          .with("kind", Shape.oneOf("CLASSIC_PREVIEW"))
          .with(
              "data_security_mode",
              Shape.oneOf(
                  "NONE",
                  "SINGLE_USER",
                  "USER_ISOLATION",
                  "DATA_SECURITY_MODE_AUTO",
                  "DATA_SECURITY_MODE_STANDARD",
                  "DATA_SECURITY_MODE_DEDICATED"))
          .with("runtime_engine", Shape.oneOf("NULL", "STANDARD", "PHOTON"))
          .with("use_ml_runtime", Shape.flag())
          .keeps(
              "aws_attributes",
              "azure_attributes",
              "gcp_attributes",
              "cluster_log_conf",
              "cluster_name",
              "enable_elastic_disk",
              "enable_local_disk_encryption",
              "single_user_name",
              "ssh_public_keys",
              "workload_type")
          .lacks(
              "autotermination_minutes",
              "dependency_mode",
              "docker_image",
              "driver_node_type_flexibility",
              "init_scripts",
              "remote_disk_throughput",
              "total_initial_remote_disk_size",
              "worker_node_type_flexibility");

  private static final Fields LIBRARY =
      Shape.fields()
          .with("pypi", Shape.fields().needs("package", Shape.text()).with("repo", Shape.text()))
          .with("whl", Shape.text())
          .with("jar", Shape.text())
          .with("requirements", Shape.text())
          .lacks("cran", "egg", "maven");

  private static final Fields SUBMIT_TASK =
      Shape.fields()
          .needs("task_key", Shape.text(100, "[A-Za-z0-9_-]+", "letters, digits, '-' and '_'"))
          .with("notebook_task", NOTEBOOK_TASK)
          .with("spark_python_task", SPARK_PYTHON_TASK)
          .with("python_wheel_task", PYTHON_WHEEL_TASK)
          .with(
              "depends_on",
              Shape.listOf(Shape.fields().needs("task_key", Shape.text()).lacks("outcome"), 100))
          .with("run_if", Shape.oneOf("ALL_SUCCESS", "ALL_DONE"))
          .with("new_cluster", NEW_CLUSTER)
          .with("existing_cluster_id", Shape.text())
          .with("environment_key", Shape.text(100))
          .with("libraries", Shape.listOf(LIBRARY, 100))
          .with("timeout_seconds", SECONDS)
          .with("max_retries", Shape.whole(0, 0))
          .with("min_retry_interval_millis", Shape.whole(0, Integer.MAX_VALUE))
          .with("retry_on_timeout", Shape.flag())
          .keeps(
              "description",
              "disable_auto_optimization",
              "email_notifications",
              "health",
              "notification_settings",
              "webhook_notifications")
          .lacks(
              "ai_runtime_task",
              "alert_task",
              "clean_rooms_notebook_task",
              "compute",
              "condition_task",
              "dashboard_task",
              "dbt_cloud_task",
              "dbt_platform_task",
              "dbt_task",
              "disabled",
              "for_each_task",
              "gen_ai_compute_task",
              "pipeline_task",
              "power_bi_task",
              "python_operator_task",
              "run_job_task",
              "spark_jar_task",
              "spark_submit_task",
              "sql_task");

  private static final Fields JOB_TASK = SUBMIT_TASK.with("job_cluster_key", Shape.text(100));

  private static final Fields ENVIRONMENT =
      Shape.fields()
          .needs("environment_key", Shape.text(100))
          .with(
              "spec",
              Shape.fields()
                  .with("client", Shape.text())
                  .with("environment_version", Shape.text())
                  .with("dependencies", Shape.listOf(Shape.text(), 1000))
                  .lacks("base_environment", "java_dependencies"));

  private static final Shape PAUSE = Shape.oneOf("PAUSED", "UNPAUSED");

  /** Triggers fire at most once a minute. */
  private static final Shape A_MINUTE_OR_MORE = Shape.whole(60, 60L * 60 * 24 * 30);

  private static final Fields MODEL_TRIGGER =
      Shape.fields()
          .needs(
              "condition", Shape.oneOf("MODEL_CREATED", "MODEL_VERSION_READY", "MODEL_ALIAS_SET"))
          .with("securable_name", Shape.text(1000))
          .with("aliases", Shape.listOf(Shape.text(255), 10))
          .with("min_time_between_triggers_seconds", A_MINUTE_OR_MORE)
          .with("wait_after_last_change_seconds", A_MINUTE_OR_MORE);

  private static final Fields TRIGGER =
      Shape.fields()
          .with("pause_status", PAUSE)
          .with("model", MODEL_TRIGGER)
          .with(
              "periodic",
              Shape.fields()
                  .needs("interval", Shape.whole(1, 10_000))
                  .needs("unit", Shape.oneOf("HOURS", "DAYS", "WEEKS")))
          .with(
              "file_arrival",
              Shape.fields()
                  .needs("url", Shape.text(10_000))
                  .with("min_time_between_triggers_seconds", A_MINUTE_OR_MORE)
                  .with("wait_after_last_change_seconds", A_MINUTE_OR_MORE))
          .with(
              "table_update",
              Shape.fields()
                  .needs("table_names", Shape.listOf(Shape.text(1000), 10))
                  .with("condition", Shape.oneOf("ANY_UPDATED", "ALL_UPDATED"))
                  .with("min_time_between_triggers_seconds", A_MINUTE_OR_MORE)
                  .with("wait_after_last_change_seconds", A_MINUTE_OR_MORE))
          .lacks("sql_condition");

  private static final Fields CONTINUOUS =
      Shape.fields()
          .with("pause_status", PAUSE)
          .with("task_retry_mode", Shape.oneOf("NEVER", "ON_FAILURE"));

  private static final Fields QUEUE = Shape.fields().needs("enabled", Shape.flag());

  private static final Shape TAGS = Shape.mapOf(Shape.text(), 25);

  private static final Fields SCHEDULE =
      Shape.fields()
          .needs("quartz_cron_expression", Shape.text())
          .needs("timezone_id", Shape.text())
          .with("pause_status", PAUSE)
          .lacks("sql_condition");

  /** Job settings: the body of create, and {@code new_settings} of reset. */
  static final Fields SETTINGS =
      Shape.fields()
          .with("name", Shape.text(4096))
          .with("tasks", Shape.listOf(JOB_TASK, 1000))
          .with(
              "job_clusters",
              Shape.listOf(
                  Shape.fields()
                      .needs(
                          "job_cluster_key",
                          Shape.text(100, "[A-Za-z0-9_-]+", "letters, digits, '-' and '_'"))
                      .needs("new_cluster", NEW_CLUSTER)
                      .lacks("serverless_compute_id"),
                  100))
          .with("environments", Shape.listOf(ENVIRONMENT, 100))
          .with("git_source", GIT_SOURCE)
          .with(
              "parameters",
              Shape.listOf(
                  Shape.fields()
                      .needs(
                          "name", Shape.text(255, "[\\w.-]+", "letters, digits, '_', '-' and '.'"))
                      .needs("default", Shape.text()),
                  1000))
          .with("tags", TAGS)
          .with("schedule", SCHEDULE)
          .with("trigger", TRIGGER)
          .with("continuous", CONTINUOUS)
          .with("max_concurrent_runs", Shape.whole(0, 1000))
          .with("queue", QUEUE)
          .with("timeout_seconds", SECONDS)
          .with("format", Shape.oneOf("MULTI_TASK"))
          .keeps(
              "access_control_list",
              "budget_policy_id",
              "description",
              "edit_mode",
              "email_notifications",
              "health",
              "notification_settings",
              "parent_path",
              "performance_target",
              "usage_policy_id",
              "webhook_notifications")
          .with(
              "run_as",
              Shape.fields()
                  .with("user_name", Shape.text())
                  .with("service_principal_name", Shape.text())
                  .with("group_name", Shape.text()))
          .with(
              "deployment",
              Shape.fields()
                  .needs("kind", Shape.oneOf("BUNDLE", "SYSTEM_MANAGED"))
                  .with("metadata_file_path", Shape.text())
                  .keeps("deployment_id", "version_id"));

  static final Fields RESET =
      Shape.fields().needs("job_id", Shape.id()).needs("new_settings", SETTINGS);

  /**
   * A field that is given replaces the job's whole field. Lists would be merged by their keys,
   * which is not simulated.
   */
  static final Fields UPDATE =
      Shape.fields()
          .needs("job_id", Shape.id())
          .needs(
              "new_settings",
              Shape.fields()
                  .with("name", Shape.text(4096))
                  .with("tags", TAGS)
                  .with("schedule", SCHEDULE)
                  .with("trigger", TRIGGER)
                  .with("continuous", CONTINUOUS)
                  .with("max_concurrent_runs", Shape.whole(0, 1000))
                  .with("timeout_seconds", SECONDS)
                  .keeps("description")
                  .lacks("environments", "git_source", "job_clusters", "parameters", "tasks"))
          .lacks("fields_to_remove");

  static final Fields DELETE = Shape.fields().needs("job_id", Shape.id());

  static final Fields RUN_NOW =
      Shape.fields()
          .needs("job_id", Shape.id())
          .with("idempotency_token", IDEMPOTENCY_TOKEN)
          .with("job_parameters", TEXTS)
          .with("notebook_params", TEXTS)
          .with("python_params", Shape.listOf(Shape.text(), 10_000))
          .with("python_named_params", TEXTS)
          .with("queue", QUEUE)
          .keeps("performance_target")
          .lacks(
              "dbt_commands",
              "jar_params",
              "only",
              "pipeline_params",
              "spark_submit_params",
              "sql_params");

  static final Fields SUBMIT =
      Shape.fields()
          .with("run_name", Shape.text(4096))
          .with("idempotency_token", IDEMPOTENCY_TOKEN)
          .needs("tasks", Shape.listOf(SUBMIT_TASK, 100))
          .with("environments", Shape.listOf(ENVIRONMENT, 100))
          .with("git_source", GIT_SOURCE)
          .with("queue", QUEUE)
          .with("timeout_seconds", SECONDS)
          .keeps(
              "access_control_list",
              "budget_policy_id",
              "email_notifications",
              "health",
              "notification_settings",
              "performance_target",
              "usage_policy_id",
              "webhook_notifications")
          .lacks("run_as");

  static final Fields CANCEL = Shape.fields().needs("run_id", Shape.id());

  private JobShapes() {}
}
