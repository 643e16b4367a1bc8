package dev.portage.localworkspace.endpoints;

import dev.portage.localworkspace.protocol.Shape;

/**
 * The bodies of calls about serving endpoints.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/servingendpoints">Serving endpoints API
 *     reference</a>
 */
final class EndpointShapes {
  /** The most entities that an endpoint serves. */
  private static final int MOST_ENTITIES = 15;

  static final Shape NAME =
      Shape.text(
          63, "[A-Za-z0-9_-]{1,63}", "1 to 63 alphanumeric characters, dashes and underscores");

  /** Names of its own endpoints begin as no other may. */
  private static final Shape ENDPOINT =
      Shape.text(
          63,
          "(?!databricks-)[A-Za-z0-9_-]{1,63}",
          "1 to 63 alphanumeric characters, dashes and underscores; \"databricks-\" at the"
              + " beginning is reserved");

  /**
   * The most variables of a served entity.
   *
   * @see <a
   *     href="https://docs.databricks.com/machine-learning/model-serving/model-serving-limits">Model
   *     Serving limits</a>
   */
  private static final int MOST_VARIABLES = 30;

  private static final Shape.Fields COMPUTE =
      Shape.fields()
          .with("name", NAME)
          .with("workload_size", Shape.text(64))
          .with(
              "workload_type",
              Shape.oneOf(
                  "CPU",
                  "CPU_MEDIUM",
                  "CPU_LARGE",
                  "GPU_SMALL",
                  "GPU_MEDIUM",
                  "GPU_LARGE",
                  "MULTIGPU_MEDIUM",
                  "GPU_XLARGE",
                  "GPU_XLARGE_8"))
          .with("scale_to_zero_enabled", Shape.flag())
          .with("min_provisioned_concurrency", Shape.whole(0, 512))
          .with("max_provisioned_concurrency", Shape.whole(4, 512))
          .with("environment_vars", Shape.mapOf(Shape.text(32_768), MOST_VARIABLES))
          .lacks(
              "instance_profile_arn",
              "burst_scaling_enabled",
              "provisioned_model_units",
              "min_provisioned_throughput",
              "max_provisioned_throughput");

  private static final Shape ENTITY =
      COMPUTE
          .needs("entity_name", Shape.text(1000))
          .needs("entity_version", Shape.text(20, "[1-9]\\d{0,8}", "a version of the model"))
          .lacks("external_model", "foundation_model");

  /** The same in its deprecated form. */
  private static final Shape MODEL =
      COMPUTE
          .needs("model_name", Shape.text(1000))
          .needs("model_version", Shape.text(20, "[1-9]\\d{0,8}", "a version of the model"));

  private static final Shape ROUTE =
      Shape.fields()
          .with("served_entity_name", NAME)
          .with("served_model_name", NAME)
          .needs("traffic_percentage", Shape.whole(0, 100));

  /** A configuration, as in an update. */
  static final Shape.Fields CONFIG =
      Shape.fields()
          .with("served_entities", Shape.listOf(ENTITY, MOST_ENTITIES))
          .with("served_models", Shape.listOf(MODEL, MOST_ENTITIES))
          .with("traffic_config", Shape.fields().with("routes", Shape.listOf(ROUTE, MOST_ENTITIES)))
          .with("name", NAME)
          .lacks("auto_capture_config");

  private static final Shape TAG =
      Shape.fields().needs("key", Shape.text(127)).with("value", Shape.text(255));

  private static final Shape TAGS = Shape.listOf(TAG, 20);

  static final Shape CREATE =
      Shape.fields()
          .needs("name", ENDPOINT)
          .with("config", CONFIG)
          .with("tags", TAGS)
          .with("description", Shape.text(10_000))
          .with("route_optimized", Shape.flag())
          .keeps("email_notifications")
          .lacks("ai_gateway", "rate_limits", "telemetry_config", "budget_policy_id");

  static final Shape TAG_CHANGES =
      Shape.fields()
          .with("add_tags", TAGS)
          .with("delete_tags", Shape.listOf(Shape.text(127), 100))
          .with("name", NAME);

  static final Shape PERMISSIONS =
      Shape.fields()
          .needs(
              "access_control_list",
              Shape.listOf(
                  Shape.fields()
                      .with("user_name", Shape.text())
                      .with("group_name", Shape.text())
                      .with("service_principal_name", Shape.text())
                      .needs(
                          "permission_level", Shape.oneOf("CAN_VIEW", "CAN_QUERY", "CAN_MANAGE")),
                  100))
          .with("serving_endpoint_id", Shape.text());

  private EndpointShapes() {}
}
