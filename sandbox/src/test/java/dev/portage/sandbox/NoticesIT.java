package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.portage.connection.TemporalConnection;
import dev.portage.notice.NoticeWorkflow;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.world.WorkerProcess;
import dev.portage.sandbox.world.World;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A receiver that hangs, and a worker that is killed while it waits for its answer. */
@OwnsTheWorld
class NoticesIT {

  /** What came: id, time of the attempt, body. */
  private record Got(String id, String time, String body) {}

  private final List<Got> got = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final World world = TheWorld.world();
  private final PlatformFiles files = new PlatformFiles(world);
  private HttpServer receiver;

  @BeforeEach
  void tell() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", this::take);
    receiver.setExecutor(threads);
    receiver.start();
    for (String name : World.WORKSPACES) {
      Files.writeString(
          world.folder().worker(name).resolve("audit.url"),
          "http://127.0.0.1:" + receiver.getAddress().getPort() + "/secret-path\n");
      Files.writeString(world.folder().worker(name).resolve("audit.key"), "k".repeat(32) + "\n");
    }
    files.change(text ->
        text
            + "notify:\n  audit: { url: \"file:audit.url\", key: \"file:audit.key\", models: told }\n");
  }

  @AfterEach
  void restore() {
    released.countDown();
    files.restore();
    receiver.stop(0);
    threads.shutdownNow();
  }

  @Test
  void theNextWorkerTellsItAgainUnderTheSameIdAndNothingWaitsForIt() throws Exception {
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    Team team = Team.tiny("told");
    String promotion = team.commit("A model that people hear of");
    Result waiting = team.start();
    assertThat(waiting.code()).as(waiting.out()).isEqualTo(4);
    await().atMost(Duration.ofMinutes(3)).until(() -> got.size() == 1);

    killWhoTells(promotion + "/asked/prod-1");
    // Nothing is known of its death but that it does not answer: 30 seconds.
    await().atMost(Duration.ofMinutes(3)).until(() -> got.size() == 2);
    Result end = team.approveAndWatch(promotion);

    assertThat(end.code()).as(end.out()).isZero();
    await().atMost(Duration.ofMinutes(3)).until(() -> ids().contains(promotion + "/released"));
    assertThat(ids())
        .startsWith(promotion + "/asked/prod-1", promotion + "/asked/prod-1")
        .contains(promotion + "/decided/prod-1");
    assertThat(got.get(0).body()).isEqualTo(got.get(1).body()).contains("/user-metadata\"");
    assertThat(got.get(0).time()).isNotEqualTo(got.get(1).time());
    assertThat(end.json().has("undelivered")).isFalse();
    assertThat(end.out()).doesNotContain("secret-path");
  }

  private void killWhoTells(String notice) throws IOException {
    try (TemporalConnection temporal = TemporalConnection.open(Map.of(), TheWorld.folder("told"))) {
      PendingActivityInfo telling =
          temporal
              .stubs()
              .blockingStub()
              .describeWorkflowExecution(
                  DescribeWorkflowExecutionRequest.newBuilder()
                      .setNamespace(temporal.namespace())
                      .setExecution(
                          WorkflowExecution.newBuilder().setWorkflowId(NoticeWorkflow.idOf(notice)))
                      .build())
              .getPendingActivities(0);
      WorkerProcess holder =
          World.WORKSPACES.stream()
              .map(world::worker)
              .filter(worker -> telling.getLastWorkerIdentity().startsWith(worker.pid() + "@"))
              .findFirst()
              .orElseThrow();
      int starts = holder.starts();
      holder.kill();
      await().atMost(Duration.ofMinutes(3)).until(() -> holder.starts() > starts);
    }
  }

  private List<String> ids() {
    return got.stream().map(Got::id).toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    boolean first = got.isEmpty();
    got.add(
        new Got(
            exchange.getRequestHeaders().getFirst("webhook-id"),
            exchange.getRequestHeaders().getFirst("webhook-timestamp"),
            body));
    try (exchange) {
      if (first) {
        released.await();
      }
      exchange.sendResponseHeaders(204, -1);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
