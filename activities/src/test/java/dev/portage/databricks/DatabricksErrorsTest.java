package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.compute.ComputeSettings;
import dev.portage.failure.FailureKind;
import dev.portage.job.RunRef;
import dev.portage.job.ScoringRunOrder;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabricksErrorsTest {
  private static final String SUBMIT = "POST /api/2.2/jobs/runs/submit";

  @AutoClose private final FakeWorkspace workspace = FakeWorkspace.start();

  @ParameterizedTest
  @CsvSource({
    "400, INVALID_PARAMETER_VALUE, USER",
    "400, MALFORMED_REQUEST, USER",
    "400, RESOURCE_ALREADY_EXISTS, USER",
    "401, UNAUTHENTICATED, USER",
    "403, PERMISSION_DENIED, USER",
    "404, RESOURCE_DOES_NOT_EXIST, USER",
    "404, ENDPOINT_NOT_FOUND, USER",
    "409, ALREADY_EXISTS, USER",
    "409, RESOURCE_CONFLICT, PLATFORM",
    "429, REQUEST_LIMIT_EXCEEDED, PLATFORM",
    "429, RESOURCE_EXHAUSTED, PLATFORM",
    "500, INTERNAL_ERROR, PLATFORM",
    "503, TEMPORARILY_UNAVAILABLE, PLATFORM",
    "504, DEADLINE_EXCEEDED, PLATFORM",
    // The error code wins: some refusals come with a misleading status.
    "400, TEMPORARILY_UNAVAILABLE, PLATFORM",
    "500, PERMISSION_DENIED, USER",
    // An unknown code leaves the decision to the status.
    "400, SOMETHING_NEW, USER",
    "502, SOMETHING_NEW, PLATFORM"
  })
  void theErrorCodeDecidesWhoMustActThenTheStatus(int status, String code, FailureKind kind) {
    workspace.once(SUBMIT, FakeWorkspace.refusal(status, code, "no"));

    ApplicationFailure failure = failureOfSubmit();

    assertThat(failure.getType()).isEqualTo(kind.type());
    assertThat(failure.isNonRetryable()).isEqualTo(kind != FailureKind.PLATFORM);
    assertThat(failure.getOriginalMessage())
        .contains("start notebooks/train.py failed in workspace dev: " + status + " " + code);
  }

  @Test
  void aForbiddenThatIsNotJsonIsStillForbidden() {
    workspace.once(
        SUBMIT,
        new MockResponse.Builder()
            .code(403)
            .setHeader("Content-Type", "text/html")
            .body("<html><body><h1>Source IP address is not allowed</h1></body></html>")
            .build());

    ApplicationFailure failure = failureOfSubmit();

    assertThat(failure.getType()).isEqualTo(FailureKind.USER.type());
    assertThat(failure.getOriginalMessage())
        .contains("403: Source IP address is not allowed")
        .doesNotContain("<h1>");
  }

  @Test
  void aPageInsteadOfJsonIsAnError() {
    workspace.once(
        SUBMIT,
        new MockResponse.Builder()
            .code(200)
            .setHeader("Content-Type", "text/html; charset=utf-8")
            .body("<html><title>Sign in</title></html>")
            .build());

    assertThat(failureOfSubmit().getType()).isEqualTo(FailureKind.PLATFORM.type());
  }

  @Test
  void aTruncatedJsonResponseIsRetried() {
    workspace.once(SUBMIT, FakeWorkspace.json(200, "{\"run_id\": 1"));

    assertThat(failureOfSubmit().getType()).isEqualTo(FailureKind.PLATFORM.type());
  }

  @Test
  void retryAfterIsHonoured() {
    workspace.once(
        SUBMIT,
        FakeWorkspace.refusal(429, "REQUEST_LIMIT_EXCEEDED", "slow down")
            .newBuilder()
            .setHeader("Retry-After", "17")
            .build());

    assertThat(failureOfSubmit().getNextRetryDelay()).isEqualTo(Duration.ofSeconds(17));
  }

  @Test
  void aLostResponseIsAPlatformErrorAndNotRetriedHere() {
    workspace.once(
        SUBMIT, new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());

    assertThat(failureOfSubmit().getType()).isEqualTo(FailureKind.PLATFORM.type());
    assertThat(workspace.calls(SUBMIT)).hasSize(1);
  }

  @Test
  void aRefusalIsNotRetriedHere() {
    workspace.once(SUBMIT, FakeWorkspace.refusal(503, "TEMPORARILY_UNAVAILABLE", "later"));

    failureOfSubmit();

    assertThat(workspace.calls(SUBMIT)).hasSize(1);
  }

  @Test
  @Tag("S1.19")
  void aRefusedLoginNamesWhereTheTokenIsKeptAndNeverTheToken() {
    workspace
        .token("very-secret-token")
        .once(
            SUBMIT,
            FakeWorkspace.refusal(401, "UNAUTHENTICATED", "Invalid token: very-secret-token"));

    ApplicationFailure failure = failureOfSubmit();

    assertThat(failure.getOriginalMessage())
        .contains("401 UNAUTHENTICATED: Invalid token")
        .contains("put a valid one at env:DEV_TOKEN")
        .doesNotContain("very-secret-token");
    assertThat(failure.isNonRetryable()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "403 | {\"error_code\":403,\"message\":\"Invalid access token. [ReqId: 1]\"}",
        "403 | <pre>    Invalid access token.</pre>",
        "401 | {\"error_code\":401,\"message\":\"Token is expired\"}",
        "400 | {\"message\":\"io.jsonwebtoken.ExpiredJwtException: JWT expired\"}",
        "401 | ``"
      })
  @Tag("S1.19")
  void anInvalidOrExpiredTokenIsNotTakenForAMissingRight(int status, String body) {
    workspace.once(SUBMIT, FakeWorkspace.json(status, body));

    ApplicationFailure failure = failureOfSubmit();

    assertThat(failure.getOriginalMessage())
        .contains("wrong or expired: put a valid one at env:DEV_TOKEN")
        .doesNotContain("lacks a permission");
    assertThat(failure.isNonRetryable()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "400 | {\"error_code\":\"INVALID_STATE\",\"message\":\"worker env WorkerEnvId(1) not found\"}",
        "400 | {\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"ClusterNotReadyException: c\"}",
        "400 | {\"error\":\"Timed out after 20 seconds\"}"
      })
  void whatDatabricksOwnClientsRetryIsRetried(int status, String body) {
    workspace.once(SUBMIT, FakeWorkspace.json(status, body));

    assertThat(failureOfSubmit().getType()).isEqualTo(FailureKind.PLATFORM.type());
  }

  @Test
  void aWorkspaceBehindAPrivateLinkSaysSo() {
    workspace.once(
        SUBMIT,
        new MockResponse.Builder()
            .code(302)
            .setHeader("Location", "/login.html?error=private-link-validation-error:1")
            .build());

    ApplicationFailure failure = failureOfSubmit();

    assertThat(failure.getOriginalMessage())
        .contains("accepts connections only from its private network");
    assertThat(failure.getType()).isEqualTo(FailureKind.USER.type());
  }

  @Test
  void retryAfterMayBeInTheBody() {
    workspace.once(
        SUBMIT,
        FakeWorkspace.json(
            429,
            """
            {"error_code":"RESOURCE_EXHAUSTED","message":"slow","details":[{"@type":
            "type.googleapis.com/google.rpc.RetryInfo","retry_delay":"9s"}]}
            """));

    assertThat(failureOfSubmit().getNextRetryDelay()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  @Tag("S1.19")
  void aMissingRightNamesWhereTheTokenIsKept() {
    workspace.once(SUBMIT, FakeWorkspace.refusal(403, "PERMISSION_DENIED", "no such right"));

    ApplicationFailure failure = failureOfSubmit();

    assertThat(failure.getOriginalMessage())
        .contains("403 PERMISSION_DENIED: no such right")
        .contains("The login kept at env:DEV_TOKEN lacks a permission");
    assertThat(failure.isNonRetryable()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"User u does not have View permissions on job 7\"}",
        "{}"
      })
  void aForbiddenJobNamesTheCommandForThatJob(String body) {
    workspace
        .on(
            "GET /api/2.0/preview/scim/v2/Me",
            "{\"id\": \"88\", \"userName\": \"ana@example.com\"}")
        .on("POST /api/2.2/jobs/run-now", _ -> FakeWorkspace.json(403, body));

    ApplicationFailure failure =
        catchThrowableOfType(
            ApplicationFailure.class,
            () -> Orders.jobs(workspace).runJob(new ScoringRunOrder("dev", 7, "key", Map.of())));

    assertThat(failure.getOriginalMessage())
        .contains("It was deleted, or ana@example.com, whose login is kept at env:DEV_TOKEN, lacks")
        .contains(
            "databricks permissions update jobs 7 --json '{\"access_control_list\":"
                + "[{\"user_name\":\"ana@example.com\",\"permission_level\":\"CAN_MANAGE_RUN\"}]}'");
    assertThat(failure.isNonRetryable()).isTrue();
  }

  @Test
  void aPoolThatMayNotBeUsedNamesTheCommandForThatPool() {
    workspace
        .compute(ComputeSettings.ofPool("ml-small"))
        .on(
            "GET /api/2.0/instance-pools/list",
            "{\"instance_pools\": [{\"instance_pool_id\": \"p1\","
                + " \"instance_pool_name\": \"ml-small\", \"state\": \"ACTIVE\"}]}")
        .on(
            "GET /api/2.1/clusters/spark-versions",
            "{\"versions\": [{\"key\": \"16.4.x-cpu-ml-scala2.12\", \"name\": \"16.4 LTS ML\"}]}")
        .once(
            SUBMIT,
            FakeWorkspace.refusal(
                403, "PERMISSION_DENIED", "u may not attach to instance pool p1"));

    assertThat(failureOfSubmit().getOriginalMessage())
        .contains("databricks permissions update instance-pools p1 ")
        .contains("CAN_ATTACH_TO");
  }

  @Test
  void aRenewedTokenIsUsedFromTheNextCallOn() {
    workspace.on("POST /api/2.2/jobs/runs/submit", "{\"run_id\": 7}");
    DatabricksJobs jobs = Orders.jobs(workspace);

    jobs.submitNotebook(Orders.training());
    workspace.token("renewed");
    jobs.submitNotebook(Orders.training());

    assertThat(workspace.calls(SUBMIT))
        .extracting(FakeWorkspace.Call::authorization)
        .containsExactly("Bearer token-of-a-test", "Bearer renewed");
  }

  @Test
  void aWorkspaceThatThisWorkerDoesNotHaveIsReported() {
    ApplicationFailure failure =
        catchThrowableOfType(
            ApplicationFailure.class,
            () -> Orders.jobs(workspace).awaitRun(new RunRef("prod", null, 1, null)));

    assertThat(failure.getOriginalMessage()).contains("use workspace prod");
  }

  @Test
  void creatingAClientMakesNoCall() {
    workspace.clients().of("dev");

    assertThat(workspace.calls()).isEmpty();
  }

  private ApplicationFailure failureOfSubmit() {
    return catchThrowableOfType(
        ApplicationFailure.class, () -> Orders.jobs(workspace).submitNotebook(Orders.training()));
  }
}
