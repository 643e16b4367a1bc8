package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults and recorded calls, controlled from another process. */
class AdminTest {
  private static final String FAULTS = "/.local-workspace/faults";
  private static final String CREATE = "/api/2.2/jobs/create";

  @AutoClose private final TestWorkspace test;

  AdminTest(@TempDir Path folder) throws IOException {
    test = TestWorkspace.in(folder);
  }

  @Test
  void faultsAreSetAndCleared() throws IOException, InterruptedException {
    String fault =
        "{\"method\":\"POST\",\"path\":\"/api/2.2/jobs/*\",\"effect\":\"TOO_MANY_REQUESTS\",\"millis\":3000}";

    assertThat(test.send("POST", FAULTS, TestWorkspace.ADMIN, fault).statusCode()).isEqualTo(200);
    assertThat(test.send("POST", CREATE, TestWorkspace.ALL, "{}").statusCode()).isEqualTo(429);
    assertThat(test.send("DELETE", FAULTS, TestWorkspace.ADMIN, "").statusCode()).isEqualTo(200);
    assertThat(test.send("POST", CREATE, TestWorkspace.ALL, "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void runFaultsAreSet() throws IOException, InterruptedException {
    String fault = "{\"run\":\"train*\",\"effect\":\"ENDS\",\"ending\":\"TIMEDOUT\",\"times\":1}";

    assertThat(
            test.send("POST", "/.local-workspace/run-faults", TestWorkspace.ADMIN, fault)
                .statusCode())
        .isEqualTo(200);

    long id = test.submit(TestWorkspace.submission());
    assertThat(Clients.awaitEnd(test.client, id, TestWorkspace.LIMIT).getState().getResultState())
        .hasToString("TIMEDOUT");
  }

  @Test
  void callsAreRead() throws IOException, InterruptedException {
    test.send("POST", CREATE, TestWorkspace.ALL, "{}");

    String calls =
        test.send(
                "GET",
                "/.local-workspace/calls?method=POST&path=/api/2.2/jobs/*",
                TestWorkspace.ADMIN,
                "")
            .body();

    assertThat(calls)
        .contains(
            "\"path\":\""
                + CREATE
                + "\",\"user\":\"ana@example.com\",\"status\":200,\"answered\":true")
        .doesNotContain(TestWorkspace.ALL);
  }

  @Test
  void onlyTheAdminTokenIsAccepted() throws IOException, InterruptedException {
    assertThat(test.send("GET", "/.local-workspace/calls", TestWorkspace.ALL, "").statusCode())
        .isEqualTo(401);
    assertThat(test.send("GET", "/.local-workspace/calls", null, "").statusCode()).isEqualTo(401);
    assertThat(test.send("GET", "/api/2.2/jobs/list", TestWorkspace.ADMIN, "").statusCode())
        .isEqualTo(403);
  }

  @Test
  void aMisspeltFaultIsRefused() throws IOException, InterruptedException {
    var answer =
        test.send(
            "POST",
            FAULTS,
            TestWorkspace.ADMIN,
            "{\"method\":\"*\",\"path\":\"*\",\"effect\":\"DROPP\"}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("'effect' must be one of TOO_MANY_REQUESTS");
  }
}
