package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class SettingsJsonTest {

  @Test
  void whatAPolicyAddsToAClusterIsNoDifference() throws Exception {
    JsonNode wanted =
        json(
            """
            {"tasks": [{"task_key": "score",
              "new_cluster": {"policy_id": "p1", "apply_policy_default_values": true,
                "spark_env_vars": {"MODE": "x"}},
              "libraries": [{"pypi": {"package": "shap==0.46"}}]}]}
            """);
    JsonNode given =
        json(
            """
            {"tasks": [{"task_key": "score", "run_if": "ALL_SUCCESS", "email_notifications": {},
              "new_cluster": {"policy_id": "p1", "node_type_id": "m5.xlarge", "num_workers": 2,
                "spark_version": "auto:latest-lts-ml", "custom_tags": {"team": "ml"},
                "spark_env_vars": {"MODE": "x", "OF_THE_POLICY": "y"}},
              "libraries": [{"pypi": {"package": "shap==0.46"}}]}]}
            """);

    assertThat(SettingsJson.holds(given, wanted)).isTrue();
    assertThat(SettingsJson.holds(given, json(wanted.toString().replace("0.46", "0.47"))))
        .isFalse();
  }

  @Test
  void anEnvironmentThatTheServiceCompletesIsNoDifference() throws Exception {
    JsonNode wanted =
        json(
            """
            {"environments": [{"environment_key": "default",
              "spec": {"environment_version": "4", "dependencies": ["shap"]}}]}
            """);
    JsonNode given =
        json(
            """
            {"environments": [{"environment_key": "default",
              "spec": {"client": "4", "environment_version": "4", "dependencies": ["shap"]}}]}
            """);

    assertThat(SettingsJson.holds(given, wanted)).isTrue();
  }

  private static JsonNode json(String text) throws Exception {
    return JsonMapper.builder().build().readTree(text);
  }
}
