package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.failure.Problem;
import dev.portage.http.HttpAnswer;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import io.temporal.failure.ApplicationFailure;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.MockResponse;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantTest {
  private static final HttpAnswer DENIED =
      answer(403, "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no\"}");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "experiments/set-experiment-tag | experiment_id | 17 | permissions update experiments 17",
        "runs/create | experiment_id | 17 | permissions update experiments 17",
        "runs/log-batch | run_id | abc | experiments get-run abc",
        "registered-models/set-tag | name | churn | model-registry get-model churn",
        "model-versions/create | name | churn | permissions update registered-models <id>",
        "unity-catalog/registered-models/create | name | a.b.churn | grants update schema a.b ",
        "unity-catalog/model-versions/create | name | a.b.churn | grants update function a.b.churn "
      })
  void aRefusalByDatabricksNamesTheCommandForThatObject(
      String path, String field, String value, String command) {
    assertThat(Grant.of(DENIED, path, Map.of(field, value)::get, true))
        .get()
        .asString()
        .contains("databricks " + command.strip());
  }

  @Test
  void aRefusalByMlflowNamesMlflowsOwnGrant() {
    assertThat(Grant.of(DENIED, "runs/create", Map.of("experiment_id", "17")::get, false))
        .get()
        .asString()
        .contains("grant_user_permission(\"<login>\", \"experiment\", \"17\", \"EDIT\")");
    assertThat(Grant.of(DENIED, "model-versions/create", Map.of("name", "churn")::get, false))
        .get()
        .asString()
        .contains(
            "grant_user_permission(\"<login>\", \"registered_model\", \"churn\", \"MANAGE\")");
  }

  @Test
  void otherRefusalsHaveNoGrant() {
    Map<String, String> asked = Map.of("experiment_id", "17");
    HttpAnswer expired =
        answer(403, "{\"error_code\":403,\"message\":\"Invalid access token. [ReqId: 1]\"}");
    HttpAnswer absent = answer(404, "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"}");

    assertThat(Grant.of(expired, "runs/create", asked::get, true)).isEqualTo(Optional.empty());
    assertThat(Grant.of(absent, "runs/create", asked::get, true)).isEqualTo(Optional.empty());
    assertThat(Grant.of(DENIED, "runs/create", Map.<String, String>of()::get, true)).isEmpty();
  }

  @Test
  void aRefusedCallReportsTheResponseAndTheGrant() {
    try (OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
        FakeMlflow mlflow = new FakeMlflow(http, "dev", true)) {
      mlflow.before =
          _ ->
              new MockResponse.Builder()
                  .code(403)
                  .body("{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no EDIT\"}")
                  .build();

      ApplicationFailure failure =
          catchThrowableOfType(
              ApplicationFailure.class,
              () ->
                  mlflow
                      .client()
                      .post(
                          "make a run",
                          "runs/create",
                          MlflowServer.object().put("experiment_id", "17")));

      assertThat(failure.getType()).isEqualTo("UserError");
      Problem problem = failure.getDetails().get(Problem.class);
      assertThat(problem.cameBack()).isEqualTo("403 PERMISSION_DENIED: no EDIT");
      assertThat(problem.remedy()).contains("grant_user_permission");
    }
  }

  private static HttpAnswer answer(int status, String body) {
    return new HttpAnswer(status, Headers.of(), body);
  }
}
