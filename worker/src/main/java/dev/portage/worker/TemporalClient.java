package dev.portage.worker;

import com.uber.m3.tally.Scope;
import dev.portage.temporal.Handshake;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.TemporalSettings;
import dev.portage.temporal.WrongSettingsException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to Temporal, configured by Temporal's own environment variables and TOML file. The
 * profile contains the API key and would print it, so it goes nowhere from here.
 *
 * @see <a href="https://docs.temporal.io/develop/environment-configuration">Environment
 *     configuration</a>
 */
final class TemporalClient implements AutoCloseable {

  private static final String DEFAULT_ADDRESS = "127.0.0.1:7233";
  private static final Logger LOG = LoggerFactory.getLogger(TemporalClient.class);
  private static final Duration NOTIFY_AFTER = Duration.ofSeconds(2);
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofSeconds(3);

  private final WorkflowServiceStubs stubs;
  private final WorkflowClient client;
  private final String address;
  private final String namespace;

  private TemporalClient(
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
  static TemporalClient open(Map<String, String> environment, Scope metrics) {
    TemporalSettings settings = settings(environment);
    String address = settings.address().orElse(DEFAULT_ADDRESS);
    String namespace = settings.namespace();
    WorkflowServiceStubsOptions options =
        settings.stubs().setTarget(address).setMetricsScope(metrics).build();
    WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(options);
    connect(stubs, address);
    WorkflowClient client =
        WorkflowClient.newInstance(
            stubs, settings.client().setDataConverter(Payloads.dataConverter()).build());
    return new TemporalClient(stubs, client, address, namespace);
  }

  /** Says so when it takes more than a moment: a silent worker looks like one that hangs. */
  private static void connect(WorkflowServiceStubs stubs, String address) {
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
      Future<?> notice =
          timer.schedule(
              () -> LOG.info("connecting to Temporal at {} …", address),
              NOTIFY_AFTER.toMillis(),
              TimeUnit.MILLISECONDS);
      try {
        connect(stubs);
      } finally {
        notice.cancel(false);
        timer.shutdownNow();
      }
    } catch (StatusRuntimeException silent) {
      stubs.shutdownNow();
      throw Handshake.failed(silent)
          ? WorkerRefused.usageError(List.of(Handshake.describe(address, silent)))
          : WorkerRefused.lack(
              "Temporal at "
                  + address
                  + " is not responding ("
                  + silent.getStatus().getCode()
                  + "). Start it, or set TEMPORAL_ADDRESS to another one.");
    }
  }

  /**
   * The SDK gives up when one response takes 5 s, whatever its timeout; the first response of a
   * server that has just started, among others on a busy machine, takes longer.
   */
  private static void connect(WorkflowServiceStubs stubs) {
    long end = System.nanoTime() + CONNECT.toNanos();
    while (true) {
      try {
        stubs.connect(CONNECT);
        return;
      } catch (StatusRuntimeException slow) {
        if (slow.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED
            || System.nanoTime() > end) {
          throw slow;
        }
      }
    }
  }

  private static TemporalSettings settings(Map<String, String> environment) {
    try {
      return TemporalSettings.of(
          environment,
          Objects.requireNonNullElse(System.getProperty("user.home"), ""),
          Objects.requireNonNullElse(System.getProperty("os.name"), ""),
          TemporalClient::read);
    } catch (WrongSettingsException wrong) {
      throw WorkerRefused.usageError(List.of(String.valueOf(wrong.getMessage())));
    }
  }

  private static Optional<byte[]> read(String path) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(Path.of(path)));
    } catch (NoSuchFileException | InvalidPathException _) {
      return Optional.empty();
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
