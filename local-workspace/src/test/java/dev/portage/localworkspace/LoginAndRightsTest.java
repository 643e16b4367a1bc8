package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.core.error.platform.PermissionDenied;
import com.databricks.sdk.service.iam.MeRequest;
import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.ListJobsRequest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginAndRightsTest {
  @AutoClose private final TestWorkspace test;

  LoginAndRightsTest(@TempDir Path folder) throws IOException {
    test = TestWorkspace.in(folder);
  }

  @Test
  void aKnownTokenIsItsUser() {
    assertThat(test.client.currentUser().me(new MeRequest()).getUserName())
        .isEqualTo("ana@example.com");
  }

  @Test
  void anUnknownTokenIsRefusedAsByDatabricks() {
    assertThatThrownBy(
            () -> Clients.of(test.workspace.host(), "wrong").currentUser().me(new MeRequest()))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("Invalid access token");
  }

  @Test
  void anUnknownTokenIsForbiddenWithANumberForACodeAsInDatabricks()
      throws IOException, InterruptedException {
    HttpResponse<String> answer = test.send("GET", "/api/2.2/jobs/list", "wrong", "");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body())
        .isEqualTo("{\"error_code\":403,\"message\":\"Invalid access token.\"}");
  }

  @Test
  void aJobThatIsGoneIsReportedWithoutACodeAsInDatabricks()
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        test.send("GET", "/api/2.2/jobs/get?job_id=42", TestWorkspace.ALL, "");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("{\"message\":\"Job 42 does not exist.\"}");
  }

  @Test
  @Tag("S2.24")
  @Tag("S3.20")
  void anEndpointAsksForAToken() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        test.send("POST", "/serving-endpoints/churn/invocations", null, "{}");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("UNAUTHENTICATED");
  }

  @Test
  void aCallWithoutATokenIsRefusedAndSaysSo() throws IOException, InterruptedException {
    HttpResponse<String> answer = test.send("GET", "/api/2.2/jobs/list", null, "");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body())
        .isEqualTo(
            "{\"error_code\":\"UNAUTHENTICATED\",\"message\":\"Credential was not sent or was of an unsupported type"
                + " for this API.\"}");
    assertThat(answer.headers().firstValue("x-databricks-org-id")).hasValue("1111111111111111");
  }

  @Test
  void readersMayNotChange() {
    var viewer = Clients.of(test.workspace.host(), TestWorkspace.VIEWER);

    assertThat(viewer.jobs().list(new ListJobsRequest())).isEmpty();
    assertThatThrownBy(() -> viewer.jobs().create(new CreateJob().setName("mine")))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("vera@example.com")
        .hasMessageContaining("jobs.manage");
    assertThat(test.client.jobs().list(new ListJobsRequest())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/2.2/jobs/create, jobs.manage",
    "POST, /api/2.2/jobs/reset, jobs.manage",
    "POST, /api/2.2/jobs/delete, jobs.manage",
    "POST, /api/2.2/jobs/run-now, jobs.manage",
    "POST, /api/2.2/jobs/runs/submit, jobs.manage",
    "POST, /api/2.2/jobs/runs/cancel, jobs.manage",
    "GET, /api/2.0/instance-pools/list, pools.use",
    "POST, /api/2.0/sql/statements, sql.use",
    "GET, /api/2.0/fs/files/Volumes/main/default/data/x, files.read",
    "PUT, /api/2.0/fs/files/Volumes/main/default/data/x, files.write",
    "POST, /api/2.0/mlflow/registered-models/create, registry.write",
    "DELETE, /api/2.0/mlflow/registered-models/alias, registry.write",
    "PUT, /api/2.0/mlflow-artifacts/artifacts/1/x, registry.write",
    "POST, /api/2.0/mlflow-artifacts/mpu/create/1, registry.write",
  })
  void eachCallNeedsItsRight(String method, String path, String right)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        test.send(method, path, TestWorkspace.VIEWER, method.equals("GET") ? "" : "{}");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("PERMISSION_DENIED", "'" + right + "'");
  }

  @Test
  void unsupportedPathsAreNotFound() throws IOException, InterruptedException {
    HttpResponse<String> answer = test.send("GET", "/api/2.0/clusters/list", TestWorkspace.ALL, "");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("ENDPOINT_NOT_FOUND", "GET /api/2.0/clusters/list");
    assertThat(test.send("GET", "/.well-known/databricks-config", null, "").statusCode())
        .isEqualTo(404);
  }

  @Test
  void eachCallIsRecordedOnceWithItsUserAndStatusAndNothingOfItsContent()
      throws IOException, InterruptedException {
    test.send("GET", "/api/2.2/jobs/list?name=secret-name", TestWorkspace.VIEWER, "");
    test.send("POST", "/api/2.2/jobs/create", TestWorkspace.VIEWER, "{\"name\":\"secret-name\"}");
    test.send("GET", "/api/2.2/jobs/list", null, "");

    assertThat(test.workspace.calls().all())
        .extracting("method", "path", "user", "status", "answered")
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "GET", "/api/2.2/jobs/list", "vera@example.com", 200, true),
            org.assertj.core.groups.Tuple.tuple(
                "POST", "/api/2.2/jobs/create", "vera@example.com", 403, true),
            org.assertj.core.groups.Tuple.tuple("GET", "/api/2.2/jobs/list", "-", 401, true));
    assertThat(List.copyOf(test.workspace.calls().all()).toString())
        .doesNotContain("secret-name", TestWorkspace.VIEWER);
  }
}
