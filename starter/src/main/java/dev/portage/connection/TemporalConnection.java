package dev.portage.connection;

import dev.portage.payload.Payloads;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.envconfig.LoadClientConfigProfileOptions;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An open connection to Temporal. Looked for in this order: Temporal's own variables ({@code
 * TEMPORAL_ADDRESS}, {@code TEMPORAL_PROFILE}, {@code TEMPORAL_CONFIG_FILE}), the sandbox of the
 * folder, Temporal's own file of profiles. The profile is never printed, since it may hold a key.
 */
public final class TemporalConnection implements AutoCloseable {

  private static final List<String> VARIABLES =
      List.of("TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "TEMPORAL_CONFIG_FILE");

  private static final Duration FIRST_ANSWER = Duration.ofSeconds(10);

  private final WorkflowServiceStubs stubs;
  private final WorkflowClient client;
  private final String address;
  private final @Nullable URI ui;

  private TemporalConnection(
      WorkflowServiceStubs stubs, WorkflowClient client, String address, @Nullable URI ui) {
    this.stubs = stubs;
    this.client = client;
    this.address = address;
    this.ui = ui;
  }

  /**
   * Connects, and waits for a first answer.
   *
   * @param environment the process's variables
   * @param folder where the command runs
   * @throws ConnectionException when no server is known or it does not answer
   */
  public static TemporalConnection open(Map<String, String> environment, Path folder) {
    Optional<SandboxFile> sandbox = sandbox(environment, folder);
    ClientConfigProfile profile = profile(environment, sandbox);
    String address =
        Optional.ofNullable(profile.getAddress())
            .orElseThrow(() ->
                new ConnectionException(
                    "no Temporal server is known; run ./portage sandbox in another terminal,"
                        + " or set TEMPORAL_ADDRESS",
                    null));
    WorkflowServiceStubs stubs =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder(profile.toWorkflowServiceStubsOptions())
                .build());
    WorkflowClient client =
        WorkflowClient.newInstance(
            stubs,
            profile.toWorkflowClientOptions().toBuilder()
                .setDataConverter(Payloads.dataConverter())
                .build());
    TemporalConnection connection =
        new TemporalConnection(
            stubs, client, address, sandbox.map(SandboxFile::ui).orElse(ui(environment)));
    connection.mustAnswer(sandbox);
    return connection;
  }

  /** The sandbox that {@link #open} would connect to; empty when it would go elsewhere. */
  public static Optional<SandboxFile> sandbox(Map<String, String> environment, Path folder) {
    return VARIABLES.stream().anyMatch(name -> isSet(environment, name))
        ? Optional.empty()
        : SandboxFile.around(folder);
  }

  private static ClientConfigProfile profile(
      Map<String, String> environment, Optional<SandboxFile> sandbox) {
    try {
      if (sandbox.isPresent()) {
        return ClientConfigProfile.newBuilder()
            .setAddress(sandbox.get().address())
            .setNamespace(sandbox.get().namespace())
            .build();
      }
      return ClientConfigProfile.load(
          LoadClientConfigProfileOptions.newBuilder().setEnvOverrides(environment).build());
    } catch (IOException | RuntimeException e) {
      throw new ConnectionException("Temporal's settings are not readable: " + e.getMessage(), e);
    }
  }

  private void mustAnswer(Optional<SandboxFile> sandbox) {
    try {
      stubs
          .blockingStub()
          .withDeadlineAfter(FIRST_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
          .getSystemInfo(GetSystemInfoRequest.getDefaultInstance());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return;
      }
      close();
      throw new ConnectionException(
          "Temporal at "
              + address
              + " does not answer ("
              + e.getStatus().getCode()
              + "); "
              + sandbox
                  .map(file -> "is the sandbox of " + file.file() + " still running?")
                  .orElse("check TEMPORAL_ADDRESS and the network"),
          e);
    }
  }

  /** The client, with the data converter that the workers have. */
  public WorkflowClient client() {
    return client;
  }

  /** Host and port. */
  public String address() {
    return address;
  }

  /** The namespace. */
  public String namespace() {
    return client.getOptions().getNamespace();
  }

  /** The server's calls. */
  public WorkflowServiceStubs stubs() {
    return stubs;
  }

  /** The server's calls for operators, on the same way. The caller shuts them down. */
  public OperatorServiceStubs operator() {
    return OperatorServiceStubs.newServiceStubs(
        OperatorServiceStubsOptions.newBuilder()
            .setChannel(stubs.getRawChannel())
            .validateAndBuildWithDefaults());
  }

  /** Page of a workflow in the Web UI; empty where no UI is known. */
  public Optional<URI> page(String workflowId) {
    return Optional.ofNullable(ui)
        .map(base ->
            URI.create(
                base.toString().replaceAll("/+$", "")
                    + "/namespaces/"
                    + encode(namespace())
                    + "/workflows/"
                    + encode(workflowId)));
  }

  @Override
  public void close() {
    stubs.shutdownNow();
  }

  private static @Nullable URI ui(Map<String, String> environment) {
    String ui = environment.getOrDefault("PORTAGE_TEMPORAL_UI", "");
    return ui.isBlank() ? null : URI.create(ui);
  }

  private static boolean isSet(Map<String, String> environment, String name) {
    return !environment.getOrDefault(name, "").isBlank();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
