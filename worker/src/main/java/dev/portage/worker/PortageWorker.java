package dev.portage.worker;

import dev.portage.document.Nearest;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.http.Credential;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.keyvault.AzureKeyVault;
import dev.portage.kind.KnownKinds;
import dev.portage.login.Credentials;
import dev.portage.platform.Platform;
import dev.portage.platform.PlatformFile;
import dev.portage.platform.Receiver;
import dev.portage.platform.Workspace;
import dev.portage.platform.WorkspaceAccess;
import dev.portage.platform.WorkspaceLogins;
import dev.portage.promotion.PromotionState;
import dev.portage.secrets.KeyVault;
import dev.portage.secrets.Secrets;
import dev.portage.temporal.WebUi;
import dev.portage.webhook.PromotionPages;
import dev.portage.webhook.WebhookNotices;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.failure.ApplicationFailure;
import io.temporal.worker.WorkerFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running worker: wires everything together by plain constructor calls, and serves until it is
 * closed.
 */
public final class PortageWorker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PortageWorker.class);
  private static final Duration LAST_WORD = Duration.ofSeconds(5);

  private final List<String> workspaces;
  private final TemporalClient temporal;
  private final WorkerFactory factory;
  private final StatusServer status;
  private final Duration stopTimeout;
  private final Deque<AutoCloseable> resources;
  private final AtomicBoolean closed = new AtomicBoolean();

  private PortageWorker(
      List<String> workspaces,
      TemporalClient temporal,
      WorkerFactory factory,
      StatusServer status,
      Duration stopTimeout,
      Deque<AutoCloseable> resources) {
    this.workspaces = List.copyOf(workspaces);
    this.temporal = temporal;
    this.factory = factory;
    this.status = status;
    this.stopTimeout = stopTimeout;
    this.resources = resources;
  }

  /**
   * Starts a worker; when this returns, it takes work.
   *
   * @throws WorkerRefused when the platform file, an option, Temporal or the port is not as it
   *     should be; nothing is left running then
   */
  public static PortageWorker start(WorkerSettings settings) {
    PlatformFile file = new PlatformFile(settings.platformFile(), KnownKinds.all());
    Platform platform = read(file);
    List<Workspace> served = served(platform, settings.workspaces());
    List<String> names = served.stream().map(Workspace::name).toList();
    Path beside = Objects.requireNonNullElse(settings.secrets(), file.folder());
    @Nullable URI ui = ui(settings);

    Deque<AutoCloseable> resources = new ArrayDeque<>();
    try {
      OutboundHttp http = OutboundHttp.open(network(settings));
      resources.push(http);
      Secrets outsideOfVaults = new Secrets(beside, settings.environment()::get, KeyVault.absent());
      KeyVault vault =
          new AzureKeyVault(
              () -> file.platform().keyVault(), new Credentials(outsideOfVaults, http), http);
      Secrets secrets = new Secrets(beside, settings.environment()::get, vault);
      WorkspaceLogins logins =
          new WorkspaceLogins(file, new Credentials(secrets, http), Set.copyOf(names));
      Metrics metrics = new Metrics(TaskQueues.workflowTypes());
      resources.push(metrics);
      TemporalClient temporal = TemporalClient.open(settings.environment(), metrics.scope());
      resources.push(temporal);
      metrics.counted(
          "portage_waiting",
          "Promotions that wait for a person",
          PromotionCount.of(temporal, PromotionState.WAITING));
      metrics.counted(
          "portage_stopped",
          "Promotions that stopped, and wait for an order to resume",
          PromotionCount.of(temporal, PromotionState.STOPPED));
      metrics.counted(
          "portage_moving_traffic",
          "Promotions that move traffic to a new version",
          PromotionCount.ofTraffic(temporal, () -> file.platform().names()));
      WorkerFactory factory =
          TaskQueues.of(
              temporal.client(),
              file,
              served,
              new WorkspaceAccess(logins, http),
              new WebhookNotices(
                  file,
                  secrets,
                  http,
                  new PromotionPages(
                      new WebUi(ui, temporal.namespace()), new NewestRuns(temporal.client()))));
      StatusServer status =
          StatusServer.start(
              settings.bind(),
              settings.port(),
              () -> Health.look(temporal, factory, names).page(),
              () -> new StatusServer.Page(200, "text/plain; version=0.0.4", metrics.text()));
      resources.push(status);
      begin(factory, temporal);
      warnOfMissingLogins(logins, names);
      warnOfMissingSecrets(platform, secrets);
      return new PortageWorker(names, temporal, factory, status, settings.stopTimeout(), resources);
    } catch (RuntimeException refused) {
      closeAll(resources);
      throw refused;
    }
  }

  /** Names of the workspaces that it serves, in order of the path. */
  public List<String> workspaces() {
    return workspaces;
  }

  /** Where {@code /health} and {@code /metrics} are, without a path. */
  public URI address() {
    return status.address();
  }

  /** One line that says what serves, whom, and where to look. */
  public String readyLine() {
    return "portage worker ready: workspaces "
        + String.join(", ", workspaces)
        + " · temporal "
        + temporal.address()
        + " · "
        + status.address()
        + "/health";
  }

  /**
   * Accepts no more work, gives work in progress the stop timeout to end, then interrupts it.
   * Another worker repeats what was interrupted.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    factory.shutdown();
    factory.awaitTermination(stopTimeout.toMillis(), TimeUnit.MILLISECONDS);
    if (!factory.isTerminated()) {
      LOG.info(
          "work still in progress after {} is interrupted; another worker repeats it", stopTimeout);
      factory.shutdownNow();
      factory.awaitTermination(LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
    }
    closeAll(resources);
  }

  private static Platform read(PlatformFile file) {
    return switch (file.read()) {
      case Reading.Good<Platform>(Platform platform) -> platform;
      case Reading.Wrong<Platform>(List<ValidationError> errors) ->
          throw WorkerRefused.usageError(errors.stream().map(ValidationError::toString).toList());
    };
  }

  private static List<Workspace> served(Platform platform, List<String> names) {
    List<String> known = platform.inOrder();
    List<String> unknown = new ArrayList<>();
    for (String name : names) {
      if (!known.contains(name)) {
        String near = Nearest.question(name, known);
        unknown.add(
            "unknown workspace \""
                + name
                + "\";"
                + (near == null ? "" : " " + near)
                + " "
                + platform.fileName()
                + " has: "
                + String.join(", ", known));
      }
    }
    if (!unknown.isEmpty()) {
      throw WorkerRefused.usageError(unknown);
    }
    return known.stream()
        .filter(name -> names.isEmpty() || names.contains(name))
        .map(name -> platform.workspace(name).orElseThrow())
        .toList();
  }

  private static NetworkSettings network(WorkerSettings settings) {
    try {
      return NetworkSettings.of(settings.environment(), settings.caFile());
    } catch (IllegalArgumentException unusable) {
      throw WorkerRefused.usageError(List.of(String.valueOf(unusable.getMessage())));
    }
  }

  private static @Nullable URI ui(WorkerSettings settings) {
    try {
      return WebUi.address(settings.environment()).orElse(null);
    } catch (IllegalArgumentException wrong) {
      throw WorkerRefused.usageError(List.of(String.valueOf(wrong.getMessage())));
    }
  }

  /** Starting requests the namespace. */
  private static void begin(WorkerFactory factory, TemporalClient temporal) {
    try {
      factory.start();
    } catch (StatusRuntimeException refused) {
      Status.Code code = refused.getStatus().getCode();
      if (code == Status.Code.DEADLINE_EXCEEDED || code == Status.Code.UNAVAILABLE) {
        throw WorkerRefused.lack(
            "Temporal at "
                + temporal.address()
                + " accepts connections but does not respond ("
                + code
                + "). Check its log and its disk space.");
      }
      throw WorkerRefused.lack(
          "Temporal at "
              + temporal.address()
              + " refuses namespace "
              + temporal.namespace()
              + " ("
              + refused.getStatus().getCode()
              + "). Create it with: temporal operator namespace create "
              + temporal.namespace()
              + "; or set TEMPORAL_NAMESPACE to another one.");
    }
  }

  /**
   * A worker starts without them, too, because they may be provided later; the log reports it now.
   */
  private static void warnOfMissingLogins(WorkspaceLogins logins, List<String> names) {
    for (String name : names) {
      try {
        logins.login(name).ifPresent(Credential::read);
      } catch (ApplicationFailure lack) {
        LOG.warn("workspace {}: {}", name, lack.getOriginalMessage());
      }
    }
  }

  /** Another worker may have them. */
  private static void warnOfMissingSecrets(Platform platform, Secrets secrets) {
    for (Receiver receiver : platform.receivers()) {
      try {
        secrets.read(receiver.url());
        receiver.keys().forEach(secrets::read);
      } catch (ApplicationFailure lack) {
        LOG.warn("receiver {}: {}", receiver.name(), lack.getOriginalMessage());
      }
    }
  }

  private static void closeAll(Deque<AutoCloseable> resources) {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception failed) {
        LOG.warn("while stopping: {}", failed.toString());
      }
    }
  }
}
