package dev.portage.connection;

import dev.portage.temporal.Handshake;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.TemporalSettings;
import dev.portage.temporal.WebUi;
import dev.portage.temporal.WrongSettingsException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowServiceException;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.RpcRetryOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.rpcretry.DefaultStubServiceOperationRpcRetryOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An open connection to Temporal. It is found in this order: Temporal's own variables ({@code
 * TEMPORAL_ADDRESS}, {@code TEMPORAL_PROFILE}, {@code TEMPORAL_CONFIG_FILE}), the sandbox that was
 * named, the folder's or the nearest running sandbox, Temporal's profile file. The profile is never
 * printed, because it may contain a key.
 */
public final class TemporalConnection implements AutoCloseable {

  /** Variable that names the sandbox to use: its name, its folder, or one below that. */
  public static final String SANDBOX = SandboxChoice.VARIABLE;

  private static final List<String> VARIABLES =
      List.of("TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "TEMPORAL_CONFIG_FILE");

  /** How long a server may take to answer before it counts as silent. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /**
   * gRPC's own log, which has a trace where a name is unknown; the answer says it in words. Kept
   * here, since its level goes with it.
   */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  static {
    GRPC.setLevel(Level.OFF);
  }

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
    SandboxChoice choice = choice(environment, folder);
    Optional<SandboxFile> sandbox = Optional.ofNullable(choice.sandbox());
    Optional<URI> ui =
        sandbox.isPresent() ? Optional.ofNullable(sandbox.get().ui()) : ui(environment);
    boolean own = isOwn(environment);
    TemporalSettings settings =
        own || sandbox.isEmpty() ? configured(environment) : of(sandbox.get());
    String address =
        settings
            .address()
            .orElseThrow(() ->
                ConnectionException.wrongSetting(
                    "no Temporal server is configured and no sandbox is running"
                        + choice.notes().stream()
                            .map(note -> " (" + note + ")")
                            .collect(Collectors.joining())
                        + "; run portage sandbox in another terminal, or set TEMPORAL_ADDRESS"));
    choice.notes().forEach(notice);
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
    return Optional.ofNullable(choice(environment, folder).sandbox());
  }

  /** The sandbox that is used, with what should be said of the choice. */
  static SandboxChoice choice(Map<String, String> environment, Path folder) {
    if (!isOwn(environment)) {
      SandboxChoice choice = SandboxChoice.of(environment, folder);
      return choice.sandbox() == null ? choice : besideProfile(choice, environment);
    }
    // A sandbox may have been named by its server's address.
    String address = configured(environment).address().orElse("");
    List<SandboxFile> running =
        SandboxRegistry.of(environment).map(SandboxRegistry::running).orElse(List.of());
    Optional<SandboxFile> meant =
        running.stream().filter(sandbox -> sandbox.address().equals(address)).findFirst();
    boolean named = isSet(environment, SandboxChoice.VARIABLE);
    if (meant.isPresent() || (running.isEmpty() && !named)) {
      return new SandboxChoice(meant.orElse(null), List.of());
    }
    String variable =
        VARIABLES.stream().filter(name -> isSet(environment, name)).findFirst().orElseThrow();
    return new SandboxChoice(
        null,
        List.of(
            variable
                + " is set and wins over "
                + (named
                    ? SandboxChoice.OPTION + " " + environment.get(SandboxChoice.VARIABLE)
                    : running.size() == 1
                        ? "the running sandbox " + running.getFirst()
                        : "the " + running.size() + " running sandboxes")
                + "; unset it to use the sandbox"));
  }

  /** The user's profile is no longer used, and the user must learn of it. */
  private static SandboxChoice besideProfile(
      SandboxChoice choice, Map<String, String> environment) {
    Optional<String> other;
    try {
      other = configured(environment).address();
    } catch (ConnectionException _) {
      // What can't be used is not used.
      return choice;
    }
    if (other.isEmpty()) {
      return choice;
    }
    List<String> notes = new ArrayList<>(choice.notes());
    notes.add(
        "using the running sandbox "
            + choice.sandbox()
            + ", not the profile of Temporal's configuration file; for that: TEMPORAL_PROFILE=default");
    return new SandboxChoice(choice.sandbox(), notes);
  }

  private static boolean isOwn(Map<String, String> environment) {
    return VARIABLES.stream().anyMatch(name -> isSet(environment, name));
  }

  private static TemporalSettings of(SandboxFile sandbox) {
    try {
      return TemporalSettings.of(
          sandbox.address(), sandbox.namespace(), "temporal.address in " + sandbox.file());
    } catch (WrongSettingsException e) {
      throw ConnectionException.wrongSetting(String.valueOf(e.getMessage()));
    }
  }

  private static TemporalSettings configured(Map<String, String> environment) {
    try {
      return TemporalSettings.of(
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
              + " is not responding ("
              + e.getStatus().getCode()
              + "); "
              + sandbox
                  .map(file -> "is the sandbox " + file + " still running?")
                  .orElse("check TEMPORAL_ADDRESS and the network"),
          e);
    }
  }

  /** Explains a delay to the person who waits, in one line on standard error. */
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
    return ui().page(workflowId);
  }

  /**
   * Page of a promotion in the Web UI, where it says who may act and how; empty where no UI is
   * known. Asks Temporal for its latest run.
   */
  public Optional<URI> promotionPage(String workflowId) {
    if (ui == null) {
      return Optional.empty();
    }
    try {
      return ui().page(
              workflowId,
              client.newUntypedWorkflowStub(workflowId).describe().getExecution().getRunId());
    } catch (WorkflowServiceException | StatusRuntimeException unanswered) {
      return page(workflowId);
    }
  }

  /** The Web UI's pages. */
  public WebUi ui() {
    return new WebUi(ui, namespace());
  }

  @Override
  public void close() {
    silence.close();
    stubs.shutdownNow();
  }

  private static Optional<URI> ui(Map<String, String> environment) {
    try {
      return WebUi.address(environment);
    } catch (IllegalArgumentException wrong) {
      throw ConnectionException.wrongSetting(String.valueOf(wrong.getMessage()));
    }
  }

  private static boolean isSet(Map<String, String> environment, String name) {
    return !environment.getOrDefault(name, "").isBlank();
  }
}
