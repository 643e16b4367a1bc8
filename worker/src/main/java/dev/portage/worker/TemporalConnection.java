package dev.portage.worker;

import com.uber.m3.tally.Scope;
import dev.portage.payload.Payloads;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.envconfig.LoadClientConfigProfileOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The connection to Temporal, as its own environment variables and TOML file describe it. The
 * profile holds the API key and prints it, so it goes nowhere from here.
 *
 * @see <a href="https://docs.temporal.io/develop/environment-configuration">Environment
 *     configuration</a>
 */
final class TemporalConnection implements AutoCloseable {

  private static final String DEFAULT_ADDRESS = "127.0.0.1:7233";
  private static final String DEFAULT_NAMESPACE = "default";
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofSeconds(3);

  private final WorkflowServiceStubs stubs;
  private final WorkflowClient client;
  private final String address;
  private final String namespace;

  private TemporalConnection(
      WorkflowServiceStubs stubs, WorkflowClient client, String address, String namespace) {
    this.stubs = stubs;
    this.client = client;
    this.address = address;
    this.namespace = namespace;
  }

  /**
   * Connects.
   *
   * @param environment variables by name
   * @param metrics where the SDK counts
   * @throws WorkerRefused when the configuration can't be read or nobody answers
   */
  static TemporalConnection open(Map<String, String> environment, Scope metrics) {
    ClientConfigProfile profile = profile(environment);
    String address = Objects.requireNonNullElse(profile.getAddress(), DEFAULT_ADDRESS);
    String namespace = Objects.requireNonNullElse(profile.getNamespace(), DEFAULT_NAMESPACE);
    WorkflowServiceStubsOptions options =
        WorkflowServiceStubsOptions.newBuilder(profile.toWorkflowServiceStubsOptions())
            .setTarget(address)
            .setMetricsScope(metrics)
            .build();
    WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(options);
    try {
      stubs.connect(CONNECT);
    } catch (StatusRuntimeException silent) {
      stubs.shutdownNow();
      throw WorkerRefused.lack(
          "Temporal at "
              + address
              + " does not answer ("
              + silent.getStatus().getCode()
              + "). Start it, or name another one by TEMPORAL_ADDRESS.");
    }
    WorkflowClient client =
        WorkflowClient.newInstance(
            stubs,
            WorkflowClientOptions.newBuilder(profile.toWorkflowClientOptions())
                .setNamespace(namespace)
                .setDataConverter(Payloads.dataConverter())
                .build());
    return new TemporalConnection(stubs, client, address, namespace);
  }

  private static ClientConfigProfile profile(Map<String, String> environment) {
    try {
      return ClientConfigProfile.load(
          LoadClientConfigProfileOptions.newBuilder().setEnvOverrides(environment).build());
    } catch (IOException | RuntimeException unread) {
      // Without its message and without a cause: it may quote the file, and so the key in it.
      throw WorkerRefused.lack(
          "Temporal's configuration (TEMPORAL_* variables and the file they name) can't be read: "
              + unread.getClass().getSimpleName());
    }
  }

  WorkflowClient client() {
    return client;
  }

  WorkflowServiceStubs stubs() {
    return stubs;
  }

  String address() {
    return address;
  }

  String namespace() {
    return namespace;
  }

  /** Whether Temporal answers right now. */
  boolean answers() {
    try {
      stubs
          .blockingStub()
          .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
          .getSystemInfo(GetSystemInfoRequest.getDefaultInstance());
      return true;
    } catch (StatusRuntimeException silent) {
      return false;
    }
  }

  @Override
  public void close() {
    stubs.shutdownNow();
    stubs.awaitTermination(5, TimeUnit.SECONDS);
  }
}
