package dev.portage.mlflow;

import dev.portage.attempt.AttemptAge;
import dev.portage.attempt.LostResponse;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.failure.FailureKind;
import dev.portage.registry.GivenUp;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one version of an order, found by the order's key in its tags. A search may lag behind; a
 * version known by its number is read by that.
 */
final class VersionOfOrder {
  static final String FAILED = "FAILED_REGISTRATION";
  static final String READY = "READY";

  /** Stages of versions in use. */
  private static final Set<String> LIVE_STAGES = Set.of("Staging", "Production");

  private final RegisteredModels models;
  private final MlflowServer server;
  private final VersionOrder order;
  private final AttemptAge asked;
  private final List<String> removed = new ArrayList<>();

  /** Number of the version that the order continues with, null if none is recorded yet. */
  private final @Nullable Long recorded;

  /** Number of an existing version, whether or not a search lists it yet. */
  private @Nullable Long known;

  /**
   * The version of this order.
   *
   * @param asked how often and for how long it has been attempted
   */
  VersionOfOrder(MlflowServer server, VersionOrder order, AttemptAge asked) {
    this.models = server.registeredModels();
    this.server = server;
    this.order = order;
    this.asked = asked;
    String made = order.made();
    this.recorded = made == null ? null : Long.valueOf(made);
    this.known = recorded;
  }

  /** Finds it, or makes it. */
  RegisteredVersion made() {
    Optional<RegisteredVersion> there = keepOne().or(() -> OwnVersions.found(models, order));
    if (there.isPresent()) {
      OwnVersions.label(models, there.get(), order);
      known = there.get().number();
      return told(settled());
    }
    Map<String, String> tags = new LinkedHashMap<>(order.tags());
    tags.put(Tags.KEY, order.key());
    tags.putAll(LostResponse.tags(asked.attempt(), Instant.now()));
    RegisteredVersion created =
        models.create(
            order.model(),
            order.location().source(),
            order.location().runId(),
            order.location().modelId(),
            tags,
            order.description());
    known = created.number();
    return told(settled());
  }

  /** The same, which says of its duplicates that they were removed. */
  private RegisteredVersion told(RegisteredVersion version) {
    if (removed.isEmpty()) {
      return version;
    }
    Set<String> all = new LinkedHashSet<>(removed);
    String before = version.tags().get(Tags.DUPLICATES);
    if (before != null) {
      all.addAll(List.of(before.split(", ")));
    }
    models.tag(order.model(), version.number(), Tags.DUPLICATES, String.join(", ", all));
    return models.version(order.model(), version.number());
  }

  /**
   * The one there is.
   *
   * @throws io.temporal.failure.ApplicationFailure the platform's while it may only not be listed
   *     yet, the user's when it is gone or failed
   */
  RegisteredVersion settled() {
    List<RegisteredVersion> failed = ours().stream().filter(VersionOfOrder::isFailed).toList();
    Optional<RegisteredVersion> kept = keepOne();
    if (kept.isPresent()) {
      return kept.get();
    }
    if (!failed.isEmpty()) {
      throw failed(server, failed.getFirst());
    }
    throw Versions.notThere(server, order, asked);
  }

  /** Removes all but one, and says whether another may still appear. */
  DuplicatesRemoved twins() {
    Duration mayCome = null;
    for (RegisteredVersion version : ours()) {
      mayCome = LostResponse.longer(mayCome, LostResponse.left(version.tags(), Instant.now()));
    }
    keepOne();
    return new DuplicatesRemoved(removed(), mayCome);
  }

  /** The duplicates that were removed, each in words for people. */
  List<String> removed() {
    return removed.stream()
        .map(version ->
            LostResponse.removed(
                "version " + version + " of " + order.model() + " in " + order.workspace()))
        .toList();
  }

  /** Abandons the order: deletes what is not finished, and nothing else. */
  GivenUp giveUp() {
    List<String> unfinished = new ArrayList<>();
    List<String> finished = new ArrayList<>();
    for (RegisteredVersion version : ours()) {
      if (version.status().equals(READY) || OwnVersions.isFound(version) || isPointedAt(version)) {
        finished.add(version.version());
      } else {
        models.delete(order.model(), version.number());
        unfinished.add(version.version());
      }
    }
    return new GivenUp(unfinished, finished);
  }

  /**
   * Keeps one of the versions with our key: the recorded one, else the lowest, so that two
   * concurrent calls keep the same one, whichever created it. One whose registration failed doesn't
   * count: it is deleted, so that a retry creates a new one. A version that an alias or a stage
   * points at is never deleted, nor one that the run registered itself.
   */
  private Optional<RegisteredVersion> keepOne() {
    List<RegisteredVersion> ours = ours();
    List<RegisteredVersion> good = ours.stream().filter(version -> !isFailed(version)).toList();
    RegisteredVersion kept =
        good.stream()
            .filter(version -> Objects.equals(version.number(), recorded))
            .findFirst()
            .or(() -> good.stream().findFirst())
            .orElse(null);
    for (RegisteredVersion version : ours) {
      boolean stays = kept != null && kept.number() == version.number();
      if (!stays && !OwnVersions.isFound(version) && !isPointedAt(version)) {
        models.delete(order.model(), version.number());
        removed.add(version.version());
      }
    }
    return Optional.ofNullable(kept);
  }

  /** Lowest number first. */
  private List<RegisteredVersion> ours() {
    Map<Long, RegisteredVersion> ours = new TreeMap<>();
    for (RegisteredVersion version : models.versions(order.model())) {
      if (order.isFor(version.tags())) {
        ours.put(version.number(), version);
      }
    }
    if (known != null && !ours.containsKey(known)) {
      models
          .find(order.model(), known)
          .filter(version -> order.isFor(version.tags()))
          .ifPresent(version -> ours.put(version.number(), version));
    }
    return List.copyOf(ours.values());
  }

  /** A search returns no aliases. */
  private boolean isPointedAt(RegisteredVersion version) {
    return models
        .find(order.model(), version.number())
        .filter(now -> !now.aliases().isEmpty() || LIVE_STAGES.contains(now.stage()))
        .isPresent();
  }

  private static boolean isFailed(RegisteredVersion version) {
    return version.status().equals(FAILED);
  }

  /** The message about a failed version. */
  static RuntimeException failed(MlflowServer server, RegisteredVersion version) {
    return server.failure(
        FailureKind.USER,
        "register version " + version.number() + " of " + version.model(),
        FAILED + (version.statusMessage().isEmpty() ? "" : ": " + version.statusMessage()),
        "Fix what the message names, then resume the promotion.");
  }
}
