package dev.portage.unitycatalog;

import dev.portage.attempt.AttemptAge;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.Excerpt;
import dev.portage.mlflow.MlflowInspection;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.VersionNames;
import dev.portage.mlflow.Versions;
import dev.portage.registry.Champion;
import dev.portage.registry.GivenUp;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.ReleasedQuery;
import dev.portage.registry.ReleasedVersion;
import dev.portage.registry.SettledVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.UnmarkOrder;
import dev.portage.registry.Unmarked;
import dev.portage.registry.VersionLabels;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.store.Parallel;
import dev.portage.tracking.TrainedRun;
import dev.portage.transfer.VersionFiles;
import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Registered models of Unity Catalog, by exact version numbers. Registering copies files, so it
 * takes long.
 */
public final class CatalogRegistry implements RegistryActivities {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Reads several versions at once, since a search returns no tags. */
  private static final int AT_ONCE = 16;

  /** Versions that are looked at for labels: each takes a call. */
  private static final int NEWEST = 100;

  private final MlflowServers servers;
  private final VersionFiles files;
  private final Duration timeout;
  private final Duration pause;
  private final Supplier<AttemptAge> asked;

  /** The activities over these servers. */
  public CatalogRegistry(MlflowServers servers, VersionFiles files) {
    this(servers, files, TIMEOUT, PAUSE, AttemptAge::here);
  }

  /**
   * The activities, with their timeouts.
   *
   * @param timeout how long one call waits for a version to become ready before Temporal retries it
   * @param pause between two reads
   * @param asked how often the activity was attempted
   */
  CatalogRegistry(
      MlflowServers servers,
      VersionFiles files,
      Duration timeout,
      Duration pause,
      Supplier<AttemptAge> asked) {
    this.asked = asked;
    this.servers = servers;
    this.files = files;
    this.timeout = timeout;
    this.pause = pause;
  }

  /** Looks at a workspace and its Unity Catalog, and changes nothing. */
  public static MlflowInspection inspection(MlflowServers servers) {
    return new MlflowInspection(servers, CatalogModels.API, new SchemaGrants.Registered());
  }

  @Override
  public ModelVersion registerVersion(VersionOrder order) {
    MlflowServer server = server(order.workspace(), order.model());
    Versions.requireHere(server, order);
    OneVersion one = new OneVersion(server, order, asked.get(), timeout, pause);
    try {
      return files.beating(filling -> contract(server, one.made(filling)));
    } catch (ActivityCanceledException e) {
      versions(server, order).giveUp();
      throw e;
    } catch (ApplicationFailure e) {
      if (FailureKind.FATAL.type().equals(e.getType())) {
        versions(server, order).giveUp();
      }
      throw e;
    }
  }

  @Override
  public SettledVersion settleVersion(VersionOrder order) {
    MlflowServer server = server(order.workspace(), order.model());
    OrderedVersions versions = versions(server, order);
    Optional<CatalogVersion> failed =
        versions.ours().stream().filter(CatalogVersion::isFailed).findFirst();
    List<String> removed = new ArrayList<>();
    Optional<CatalogVersion> kept = versions.keepOne(removed);
    String tried = "find the version of " + order.model() + " with key " + order.key();
    if (kept.isEmpty()) {
      throw failed
          .map(version -> OneVersion.failed(server, version))
          .orElseGet(() -> Versions.notThere(server, order, asked.get()));
    }
    if (!kept.get().isReady()) {
      throw server.failure(
          FailureKind.PLATFORM,
          tried,
          "version " + kept.get().number() + " is " + kept.get().describe(),
          "Portage checks again.");
    }
    return new SettledVersion(contract(server, kept.get()), removed);
  }

  @Override
  public DuplicatesRemoved removeVersionTwins(VersionOrder order) {
    return versions(server(order.workspace(), order.model()), order).twins();
  }

  @Override
  public GivenUp giveUpVersion(VersionOrder order) {
    return versions(server(order.workspace(), order.model()), order).giveUp();
  }

  @Override
  public ModelVersion version(VersionQuery query) {
    MlflowServer server = server(query.workspace(), query.model());
    return contract(
        server, new CatalogModels(server).version(query.model(), Versions.number(server, query)));
  }

  @Override
  public ModelVersion versionNamed(VersionQuery query) {
    VersionQuery typed = Versions.withoutLetter(query);
    if (Versions.isNumber(typed)) {
      return version(typed);
    }
    MlflowServer server = server(query.workspace(), query.model());
    CatalogModels models = new CatalogModels(server);
    return models
        .holder(query.model(), query.version())
        .map(version -> contract(server, version))
        .orElseThrow(() -> {
          boolean none = models.versions(query.model()).isEmpty();
          return server.failure(
              FailureKind.USER,
              "find version " + query.version() + " of " + query.model(),
              none ? VersionNames.NO_VERSIONS : "there is no such alias",
              none
                  ? VersionNames.VERSION_FIRST
                  : "Name a version by its number, such as 7, or by an existing alias.");
        });
  }

  @Override
  public boolean isRegistered(String workspace, String model) {
    return new CatalogModels(server(workspace, model)).exists(model);
  }

  @Override
  public TrainedRun runOf(VersionQuery query) {
    MlflowServer server = server(query.workspace(), query.model());
    return new CatalogOrigin(server)
        .runOf(query.model(), Versions.number(server, query), query.metrics());
  }

  @Override
  public Optional<Champion> champion(ModelQuery query) {
    MlflowServer server = server(query.workspace(), query.model());
    requireAliases(server, query.marking());
    CatalogModels models = new CatalogModels(server);
    return models
        .holder(query.model(), query.marking().live())
        .map(version ->
            Versions.champion(
                server,
                contract(server, version),
                version.modelId().isEmpty() ? null : version.modelId(),
                query,
                () ->
                    models.versions(query.model()).stream().map(CatalogVersion::number).toList()));
  }

  @Override
  public Marked mark(MarkOrder order) {
    MlflowServer server = server(order.workspace(), order.model());
    requireAliases(server, order.marking());
    CatalogModels models = new CatalogModels(server);
    long number =
        Versions.number(
            server, new VersionQuery(order.workspace(), order.model(), order.version()));
    CatalogVersion version = models.version(order.model(), number);
    if (!version.isReady()) {
      throw server.failure(
          FailureKind.USER,
          "set alias " + order.mark() + " of " + order.model(),
          "version " + number + " is " + version.describe(),
          "Only a READY version can be used.");
    }
    // The catalog has no compare-and-set: only the holder of the turn may move a champion's alias.
    Optional<CatalogVersion> before = models.holder(order.model(), order.mark());
    if (before.isEmpty() || before.get().number() != number) {
      models.alias(order.model(), order.mark(), number);
    }
    return new Marked(
        order.mark(), order.version(), before.map(CatalogVersion::version).orElse(null));
  }

  @Override
  public Unmarked unmark(UnmarkOrder order) {
    MlflowServer server = server(order.workspace(), order.model());
    requireAliases(server, order.marking());
    CatalogModels models = new CatalogModels(server);
    String holder =
        models.holder(order.model(), order.mark()).map(CatalogVersion::version).orElse(null);
    if (!order.version().equals(holder)) {
      return new Unmarked(
          false, holder == null ? "no alias" : order.mark() + " is version " + holder + " now");
    }
    models.dropAlias(order.model(), order.mark());
    return new Unmarked(true, "no alias");
  }

  @Override
  public List<ModelVersion> versionsOf(PromotionQuery query) {
    MlflowServer server = server(query.workspace(), query.model());
    CatalogModels models = new CatalogModels(server);
    Map<Long, CatalogVersion> found = new ConcurrentHashMap<>();
    Parallel.each(
        models.versions(query.model()),
        AT_ONCE,
        listed ->
            models
                .find(query.model(), listed.number())
                .filter(version -> query.promotion().equals(version.tags().get(Tags.PROMOTION)))
                .ifPresent(version -> found.put(version.number(), version)));
    return new TreeMap<>(found)
        .values().stream().map(version -> contract(server, version)).toList();
  }

  @Override
  public List<ReleasedVersion> releasedVersions(ReleasedQuery query) {
    MlflowServer server = server(query.workspace(), query.model());
    CatalogModels models = new CatalogModels(server);
    Set<Long> looked = new TreeSet<>();
    models.versions(query.model()).reversed().stream()
        .limit(NEWEST)
        .forEach(version -> looked.add(version.number()));
    for (String named : Objects.requireNonNullElse(query.named(), List.<String>of())) {
      looked.add(
          Versions.number(server, new VersionQuery(query.workspace(), query.model(), named)));
    }
    Map<Long, CatalogVersion> found = new ConcurrentHashMap<>();
    Parallel.each(
        looked,
        AT_ONCE,
        number ->
            models.find(query.model(), number).ifPresent(version -> found.put(number, version)));
    return new TreeMap<>(found)
        .descendingMap().values().stream()
            .flatMap(
                version -> Versions.released(version.version(), version.runId(), version.tags()))
            .toList();
  }

  @Override
  public void labelVersion(VersionLabels labels) {
    MlflowServer server = server(labels.workspace(), labels.model());
    long version =
        Versions.number(
            server, new VersionQuery(labels.workspace(), labels.model(), labels.version()));
    CatalogModels models = new CatalogModels(server);
    labels.tags().forEach((key, value) -> models.tag(labels.model(), version, key, value));
  }

  private static OrderedVersions versions(MlflowServer server, VersionOrder order) {
    return new OrderedVersions(new CatalogModels(server), order);
  }

  private MlflowServer server(String workspace, String model) {
    MlflowServer server = servers.of(workspace);
    if (!model.matches("[^./ ]+\\.[^./ ]+\\.[^./ ]+")) {
      throw server.failure(
          FailureKind.USER,
          "use registered model " + model,
          "that is not a Unity Catalog name",
          "Set models of the workspace to CATALOG.SCHEMA.{model}, with no spaces, dots or slashes in a part.");
    }
    return server;
  }

  private static void requireAliases(MlflowServer server, Marking marking) {
    if (marking == Marking.STAGES) {
      throw server.failure(
          FailureKind.USER,
          "use stage " + marking.live(),
          "Unity Catalog has no stages",
          "Set marking of the workspace to aliases.");
    }
  }

  private static ModelVersion contract(MlflowServer server, CatalogVersion version) {
    return new ModelVersion(
        server.workspace(),
        version.model(),
        version.version(),
        version.runId().isEmpty() ? null : version.runId(),
        null,
        version.aliases(),
        Excerpt.tags(version.tags()),
        server.pages().version(version.model(), version.version()));
  }
}
