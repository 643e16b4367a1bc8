package dev.portage.mlflow;

import dev.portage.attempt.AttemptAge;
import dev.portage.attempt.Recheck;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.failure.FailureKind;
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
import dev.portage.tracking.TrainedRun;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Registered models of MLflow, by exact version numbers. The registry has no idempotency token, so
 * a version is found by our key in its tags.
 */
public final class MlflowRegistry implements RegistryActivities {
  private final MlflowServers servers;
  private final Duration timeout;
  private final Duration pause;
  private final Supplier<AttemptAge> asked;

  /** The activities over these servers. */
  public MlflowRegistry(MlflowServers servers) {
    this(servers, Duration.ofSeconds(15), Duration.ofMillis(500), AttemptAge::here);
  }

  /**
   * The activities, with their timeouts.
   *
   * @param timeout how long one call waits for a version to become ready before Temporal retries it
   * @param pause between two reads
   * @param asked how often the activity was attempted
   */
  MlflowRegistry(
      MlflowServers servers, Duration timeout, Duration pause, Supplier<AttemptAge> asked) {
    this.asked = asked;
    this.servers = servers;
    this.timeout = timeout;
    this.pause = pause;
  }

  @Override
  public ModelVersion registerVersion(VersionOrder order) {
    MlflowServer server = servers.of(order.workspace());
    Versions.requireHere(server, order);
    server.registeredModels().ensure(order.model());
    return ready(server, new VersionOfOrder(server, order, asked.get()).made());
  }

  @Override
  public SettledVersion settleVersion(VersionOrder order) {
    MlflowServer server = servers.of(order.workspace());
    VersionOfOrder version = new VersionOfOrder(server, order, asked.get());
    ModelVersion kept = contract(server, version.settled());
    return new SettledVersion(kept, version.removed());
  }

  @Override
  public DuplicatesRemoved removeVersionTwins(VersionOrder order) {
    return new VersionOfOrder(servers.of(order.workspace()), order, asked.get()).twins();
  }

  /** MLflow's own server finishes a version as it makes it; a hosted one may take its time. */
  @Override
  public GivenUp giveUpVersion(VersionOrder order) {
    return new VersionOfOrder(servers.of(order.workspace()), order, asked.get()).giveUp();
  }

  @Override
  public ModelVersion version(VersionQuery query) {
    MlflowServer server = servers.of(query.workspace());
    return contract(
        server, server.registeredModels().version(query.model(), Versions.number(server, query)));
  }

  @Override
  public ModelVersion versionNamed(VersionQuery query) {
    VersionQuery typed = Versions.withoutLetter(query);
    if (Versions.isNumber(typed)) {
      return version(typed);
    }
    MlflowServer server = servers.of(query.workspace());
    return contract(server, new VersionNames(server).find(query.model(), query.version()));
  }

  @Override
  public boolean isRegistered(String workspace, String model) {
    return servers.of(workspace).registeredModels().aliases(model).isPresent();
  }

  @Override
  public TrainedRun runOf(VersionQuery query) {
    MlflowServer server = servers.of(query.workspace());
    return new VersionOrigin(server)
        .runOf(query.model(), Versions.number(server, query), query.metrics());
  }

  @Override
  public Optional<Champion> champion(ModelQuery query) {
    MlflowServer server = servers.of(query.workspace());
    Optional<RegisteredVersion> live =
        switch (query.marking()) {
          case ALIASES -> Marks.holder(server, query.model(), query.marking().live());
          case STAGES -> Marks.inStage(server, query.model(), query.marking().live());
        };
    return live.map(version ->
        Versions.champion(
            server,
            contract(server, version),
            version.modelId(),
            query,
            () ->
                server.registeredModels().versions(query.model()).stream()
                    .map(RegisteredVersion::number)
                    .toList()));
  }

  @Override
  public Marked mark(MarkOrder order) {
    MlflowServer server = servers.of(order.workspace());
    long version =
        Versions.number(
            server, new VersionQuery(order.workspace(), order.model(), order.version()));
    // So that a mark at a version that does not exist is the user's error by name.
    RegisteredVersion held = server.registeredModels().version(order.model(), version);
    if (order.marking() == Marking.STAGES
        && order.mark().equals(Marking.STAGES.candidate())
        && held.stage().equals(Marking.STAGES.live())) {
      // Moved to the stage of what is on its way, it would not be live any more.
      return new Marked(held.stage(), held.version(), held.version());
    }
    return switch (order.marking()) {
      case ALIASES -> Marks.alias(server, order.model(), version, order.mark());
      case STAGES ->
          Marks.stage(
              server,
              order.model(),
              version,
              order.mark(),
              order.mark().equals(order.marking().live()));
    };
  }

  @Override
  public Unmarked unmark(UnmarkOrder order) {
    MlflowServer server = servers.of(order.workspace());
    long version =
        Versions.number(
            server, new VersionQuery(order.workspace(), order.model(), order.version()));
    return switch (order.marking()) {
      case ALIASES -> Marks.dropAlias(server, order.model(), version, order.mark());
      case STAGES -> Marks.leaveStage(server, order.model(), version, order.mark(), order.stage());
    };
  }

  @Override
  public List<ModelVersion> versionsOf(PromotionQuery query) {
    MlflowServer server = servers.of(query.workspace());
    return server.registeredModels().versions(query.model()).stream()
        .filter(version -> query.promotion().equals(version.tags().get(Tags.PROMOTION)))
        // A search returns no aliases.
        .map(version -> server.registeredModels().version(version.model(), version.number()))
        .map(version -> contract(server, version))
        .toList();
  }

  @Override
  public List<ReleasedVersion> releasedVersions(ReleasedQuery query) {
    MlflowServer server = servers.of(query.workspace());
    return server.registeredModels().versions(query.model()).reversed().stream()
        .flatMap(version -> Versions.released(version.version(), version.runId(), version.tags()))
        .toList();
  }

  @Override
  public void labelVersion(VersionLabels labels) {
    MlflowServer server = servers.of(labels.workspace());
    long version =
        Versions.number(
            server, new VersionQuery(labels.workspace(), labels.model(), labels.version()));
    labels
        .tags()
        .forEach(
            (key, value) -> server.registeredModels().tag(labels.model(), version, key, value));
  }

  private ModelVersion ready(MlflowServer server, RegisteredVersion version) {
    RegisteredVersion now = version;
    if (!isSettled(now)) {
      now =
          Recheck.every(pause, timeout)
              .until(
                  () -> server.registeredModels().version(version.model(), version.number()),
                  MlflowRegistry::isSettled);
    }
    if (now.status().equals(VersionOfOrder.FAILED)) {
      if (!OwnVersions.isFound(now)) {
        server.registeredModels().delete(now.model(), now.number());
      }
      throw VersionOfOrder.failed(server, now);
    }
    if (!now.status().equals(VersionOfOrder.READY)) {
      throw server.failure(
          FailureKind.PLATFORM,
          "register version " + now.number() + " of " + now.model(),
          "its status is still " + (now.status().isEmpty() ? "unknown" : now.status()),
          "Portage checks again.");
    }
    return contract(server, now);
  }

  private static boolean isSettled(RegisteredVersion version) {
    return version.status().equals(VersionOfOrder.READY)
        || version.status().equals(VersionOfOrder.FAILED);
  }

  static ModelVersion contract(MlflowServer server, RegisteredVersion version) {
    return new ModelVersion(
        server.workspace(),
        version.model(),
        version.version(),
        version.runId().isEmpty() ? null : version.runId(),
        version.stage().isEmpty() ? null : version.stage(),
        version.aliases(),
        Excerpt.tags(version.tags()),
        server.pages().version(version.model(), version.version()));
  }
}
