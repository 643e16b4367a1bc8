package dev.portage.connection;

import dev.portage.temporal.Handshake;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.TemporalSettings;
import dev.portage.temporal.WrongSettingsException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.RpcRetryOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.rpcretry.DefaultStubServiceOperationRpcRetryOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open connection to Temporal. The address comes from the first of these: Temporal's own
 * variables ({@code TEMPORAL_ADDRESS}, {@code TEMPORAL_PROFILE}, {@code TEMPORAL_CONFIG_FILE}), the
 * folder's sandbox, Temporal's own profile file. The profile is never printed, since it may contain
 * a key.
 */
public final class TemporalConnection implements AutoCloseable {

  private static final List<String> VARIABLES =
      List.of("TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "TEMPORAL_CONFIG_FILE");

  /** How long a server may take to answer before it counts as silent. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final WorkflowServiceStubs stubs;
  private final WorkflowClient client;
  private final Silence silence;
  private final String address;
  private final @Nullable URI ui;
  private final Duration timeout;
  private final Consumer<String> notice;

  private TemporalConnection(
      WorkflowServiceStubs stubs,
      WorkflowClient client,
      Silence silence,
      String address,
      @Nullable URI ui,
      Duration timeout,
      Consumer<String> notice) {
    this.stubs = stubs;
    this.client = client;
    this.silence = silence;
    this.address = address;
    this.ui = ui;
    this.timeout = timeout;
    this.notice = notice;
  }

  /**
   * Connects, and waits for a first answer.
   *
   * @param environment the process's variables
   * @param folder where the command runs
   * @throws ConnectionException when no server is known or it does not answer
   */
  public static TemporalConnection open(Map<String, String> environment, Path folder) {
    return open(environment, folder, TIMEOUT, line -> {});
  }

  /**
   * The same.
   *
   * @param timeout for one attempt of a call; all of them together may take twice as long
   * @param notice gets one line when a server or a worker keeps the user waiting
   */
  public static TemporalConnection open(
      Map<String, String> environment, Path folder, Duration timeout, Consumer<String> notice) {
    Optional<SandboxFile> sandbox = sandbox(environment, folder);
    Optional<URI> ui =
        sandbox.isPresent() ? Optional.ofNullable(sandbox.get().ui()) : ui(environment);
    TemporalSettings settings = settings(environment, sandbox);
    String address =
        settings
            .address()
            .orElseThrow(() ->
                ConnectionException.wrongSetting(
                    "no Temporal server is configured; run ./portage sandbox in another terminal,"
                        + " or set TEMPORAL_ADDRESS"));
    Silence silence = new Silence(address, notice);
    WorkflowServiceStubs stubs =
        WorkflowServiceStubs.newServiceStubs(
            settings
                .stubs()
                .setGrpcClientInterceptors(List.of(silence))
                .setRpcTimeout(timeout)
                .setRpcRetryOptions(
                    RpcRetryOptions.newBuilder(DefaultStubServiceOperationRpcRetryOptions.INSTANCE)
                        .setExpiration(timeout.multipliedBy(2))
                        .build())
                .build());
    WorkflowClient client =
        WorkflowClient.newInstance(
            stubs, settings.client().setDataConverter(Payloads.dataConverter()).build());
    TemporalConnection connection =
        new TemporalConnection(stubs, client, silence, address, ui.orElse(null), timeout, notice);
    connection.mustAnswer(sandbox);
    return connection;
  }

  /** The sandbox that {@link #open} would connect to; empty when it would go elsewhere. */
  public static Optional<SandboxFile> sandbox(Map<String, String> environment, Path folder) {
    return VARIABLES.stream().anyMatch(name -> isSet(environment, name))
        ? Optional.empty()
        : SandboxFile.around(folder);
  }

  private static TemporalSettings settings(
      Map<String, String> environment, Optional<SandboxFile> sandbox) {
    try {
      return sandbox.isPresent()
          ? TemporalSettings.of(
              sandbox.get().address(),
              sandbox.get().namespace(),
              "temporal.address in " + sandbox.get().file())
          : TemporalSettings.of(
              environment,
              Objects.requireNonNullElse(System.getProperty("user.home"), ""),
              Objects.requireNonNullElse(System.getProperty("os.name"), ""),
              TemporalConnection::read);
    } catch (WrongSettingsException e) {
      throw ConnectionException.wrongSetting(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<byte[]> read(String path) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(Path.of(path)));
    } catch (NoSuchFileException | InvalidPathException _) {
      return Optional.empty();
    }
  }

  private void mustAnswer(Optional<SandboxFile> sandbox) {
    try {
      stubs
          .blockingStub()
          .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .getSystemInfo(GetSystemInfoRequest.getDefaultInstance());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return;
      }
      close();
      if (Handshake.failed(e)) {
        throw ConnectionException.wrongSetting(Handshake.describe(address, e));
      }
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

  /** Tells the person who waits why it takes long, in one line on standard error. */
  public void notice(String line) {
    notice.accept(line);
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
            .setRpcTimeout(timeout)
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
    silence.close();
    stubs.shutdownNow();
  }

  private static Optional<URI> ui(Map<String, String> environment) {
    String ui = environment.getOrDefault("PORTAGE_TEMPORAL_UI", "").strip();
    if (ui.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI address = new URI(ui);
      if (String.valueOf(address.getScheme()).matches("https?")
          && address.getHost() != null
          && address.getUserInfo() == null) {
        return Optional.of(address);
      }
    } catch (URISyntaxException _) {
      // Told below, without repeating it: it may hold a login.
    }
    throw ConnectionException.wrongSetting(
        "PORTAGE_TEMPORAL_UI is not a valid address for Temporal's Web UI; use http or https, a host and no login, such as http://127.0.0.1:8233");
  }

  private static boolean isSet(Map<String, String> environment, String name) {
    return !environment.getOrDefault(name, "").isBlank();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
