package dev.portage.unitycatalog;

import dev.portage.attempt.LostResponse;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.mlflow.OwnVersions;
import dev.portage.registry.GivenUp;
import dev.portage.registry.VersionOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The versions of an order. Searches return no tags: the versions that name the order's run are
 * read one by one, and those with its key are ours. Of several, one stays.
 */
final class OrderedVersions {
  /** A finished version may already be recorded somewhere; of two, the lower. */
  private static final Comparator<CatalogVersion> FIRST =
      Comparator.comparing(CatalogVersion::isReady)
          .reversed()
          .thenComparingLong(CatalogVersion::number);

  private final CatalogModels models;
  private final VersionOrder order;

  OrderedVersions(CatalogModels models, VersionOrder order) {
    this.models = models;
    this.order = order;
  }

  /** Of all versions with the order's key one stays, if there is one that did not fail. */
  Optional<CatalogVersion> keepOne() {
    return keepOne(new ArrayList<>());
  }

  /**
   * As {@link #keepOne()}; the one that the order names stays before all others.
   *
   * @param removed gets those that are removed, each in words for people
   */
  Optional<CatalogVersion> keepOne(List<String> removed) {
    List<CatalogVersion> ours = ours();
    List<CatalogVersion> good = ours.stream().filter(version -> !version.isFailed()).toList();
    Optional<CatalogVersion> kept =
        good.stream()
            .filter(version -> version.version().equals(order.made()))
            .findFirst()
            .or(() -> good.stream().min(FIRST));
    for (CatalogVersion version : ours) {
      boolean stays = kept.isPresent() && version.number() == kept.get().number();
      // A version that an alias points at is never deleted, nor one that the run itself registered.
      if (!stays && !isFound(version) && version.aliases().isEmpty()) {
        models.delete(order.model(), version.number());
        removed.add(LostResponse.removed(describe(version.version())));
      }
    }
    return kept;
  }

  /** Removes all but one, and says whether another may still appear. */
  DuplicatesRemoved twins() {
    Duration mayCome = null;
    for (CatalogVersion version : ours()) {
      mayCome = LostResponse.longer(mayCome, LostResponse.left(version.tags(), Instant.now()));
    }
    List<String> removed = new ArrayList<>();
    if (order.made() == null) {
      // Nothing of the order counts: what waits for files will never get any.
      giveUp()
          .removed()
          .forEach(version -> removed.add(describe(version) + " was incomplete and was removed"));
    }
    keepOne(removed);
    return new DuplicatesRemoved(removed, mayCome);
  }

  private String describe(String version) {
    return "version " + version + " of " + order.model() + " in " + order.workspace();
  }

  /** All versions with the order's key; one that is known by its number is read by that. */
  List<CatalogVersion> ours() {
    return ofRun().stream().filter(version -> order.isFor(version.tags())).toList();
  }

  /** All versions of the order's run, with their tags. */
  List<CatalogVersion> ofRun() {
    Set<Long> numbers = new TreeSet<>();
    models
        .ofRun(order.model(), order.location().runId())
        .forEach(version -> numbers.add(version.number()));
    for (String known :
        Stream.of(order.registered(), order.made()).filter(Objects::nonNull).toList()) {
      numbers.add(Long.parseLong(known));
    }
    List<CatalogVersion> versions = new ArrayList<>();
    numbers.forEach(number -> models.find(order.model(), number).ifPresent(versions::add));
    return versions;
  }

  static boolean isFound(CatalogVersion version) {
    return OwnVersions.isFound(version.tags());
  }

  /** Gives up what waits for files or failed; nothing half made is left of the order then. */
  GivenUp giveUp() {
    List<CatalogVersion> ours = ours();
    List<CatalogVersion> begun =
        ours.stream()
            .filter(version -> !version.isReady() && !isFound(version))
            .filter(version -> version.aliases().isEmpty())
            .toList();
    begun.forEach(version -> models.delete(order.model(), version.number()));
    return new GivenUp(
        begun.stream().map(CatalogVersion::version).toList(),
        ours.stream().filter(CatalogVersion::isReady).map(CatalogVersion::version).toList());
  }
}
