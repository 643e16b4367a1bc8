package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.core.DatabricksException;
import com.databricks.sdk.core.error.platform.TemporarilyUnavailable;
import com.databricks.sdk.core.error.platform.TooManyRequests;
import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.ListJobsRequest;
import dev.portage.localworkspace.faults.CallFault;
import dev.portage.localworkspace.faults.Effect;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults on request. */
class CallFaultsTest {
  private static final String CREATE = "/api/2.2/jobs/create";

  @AutoClose private final TestWorkspace test;

  CallFaultsTest(@TempDir Path folder) throws IOException {
    test = TestWorkspace.in(folder);
  }

  @Test
  void tooManyRequestsHasRetryAfterAndDoesNothing() throws IOException, InterruptedException {
    test.workspace
        .faults()
        .add(new CallFault("POST", CREATE, new Effect.TooManyRequests(Duration.ofSeconds(7)), 2));

    HttpResponse<String> answer = test.send("POST", CREATE, TestWorkspace.ALL, "{}");
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
    assertThatThrownBy(() -> test.client.jobs().create(new CreateJob()))
        .isInstanceOf(TooManyRequests.class);

    assertThat(jobs()).isZero();
    assertThat(test.client.jobs().create(new CreateJob()).getJobId()).isPositive();
  }

  @Test
  void anUnavailableServiceDoesNothing() {
    test.workspace
        .faults()
        .add(CallFault.always("*", "/api/2.2/jobs/*", new Effect.Unavailable(null)));

    assertThatThrownBy(() -> test.client.jobs().create(new CreateJob()))
        .isInstanceOf(TemporarilyUnavailable.class);
    assertThatThrownBy(() -> jobs()).isInstanceOf(TemporarilyUnavailable.class);

    test.workspace.faults().clear();
    assertThat(jobs()).isZero();
  }

  @Test
  void aGatewayAnswersInHtml() throws IOException, InterruptedException {
    test.workspace.faults().add(CallFault.once("*", CREATE, new Effect.HtmlError()));

    HttpResponse<String> answer = test.send("POST", CREATE, TestWorkspace.ALL, "{}");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
    assertThat(jobs()).isZero();
  }

  @Test
  void aDroppedCallIsNotHandled() {
    test.workspace.faults().add(CallFault.once("POST", CREATE, new Effect.Drop()));

    assertThatThrownBy(() -> test.client.jobs().create(new CreateJob()))
        .isInstanceOf(DatabricksException.class);

    assertThat(jobs()).isZero();
    assertThat(test.workspace.calls().matching("POST", CREATE))
        .singleElement()
        .satisfies(call -> {
          assertThat(call.status()).isZero();
          assertThat(call.answered()).isFalse();
        });
  }

  @Test
  void aLostResponseBelongsToAHandledCall() {
    test.workspace.faults().add(CallFault.once("POST", CREATE, new Effect.LostAnswer()));

    assertThatThrownBy(() -> test.client.jobs().create(new CreateJob()))
        .isInstanceOf(DatabricksException.class);

    assertThat(jobs()).isEqualTo(1);
    assertThat(test.workspace.calls().matching("POST", CREATE))
        .singleElement()
        .satisfies(call -> {
          assertThat(call.status()).isEqualTo(200);
          assertThat(call.answered()).isFalse();
        });
  }

  @Test
  void aSlowCallIsHandledAfterItsDelay() {
    test.workspace
        .faults()
        .add(CallFault.once("POST", CREATE, new Effect.Slow(Duration.ofMillis(400))));

    long before = System.nanoTime();
    test.client.jobs().create(new CreateJob());

    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isGreaterThanOrEqualTo(Duration.ofMillis(400));
    assertThat(jobs()).isEqualTo(1);
  }

  private int jobs() {
    int count = 0;
    for (var job : test.client.jobs().list(new ListJobsRequest())) {
      count += job.getJobId() > 0 ? 1 : 0;
    }
    return count;
  }
}
