package dev.portage.promotion;

import dev.portage.registry.Champion;
import dev.portage.registry.GivenUp;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionLabels;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.tracking.TrainedRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Registries of all workspaces in memory. */
final class FakeRegistry implements RegistryActivities {

  final List<ModelVersion> versions = new CopyOnWriteArrayList<>();

  /** Begun, with their files not yet there. */
  final List<ModelVersion> unfinished = new CopyOnWriteArrayList<>();

  final Map<String, String> marks = new ConcurrentHashMap<>();
  volatile @Nullable Champion champion;
  private final FakeWorld world;

  FakeRegistry(FakeWorld world) {
    this.world = world;
  }

  @Override
  public synchronized ModelVersion registerVersion(VersionOrder order) {
    world.effect("registerVersion", "register in " + order.workspace());
    if (order.registered() != null) {
      world.effects.add("use version " + order.registered() + " of " + order.model());
    }
    Optional<ModelVersion> known = find(order.workspace(), Tags.KEY, order.key());
    if (known.isPresent()) {
      return known.get();
    }
    Optional<ModelVersion> left = find(unfinished, order.workspace(), Tags.KEY, order.key());
    ModelVersion begun = left.isPresent() ? left.get() : begin(order);
    world.effect("fillVersion", "fill version " + begun.version() + " in " + order.workspace());
    unfinished.remove(begun);
    versions.add(begun);
    world.answer("registerVersion");
    return begun;
  }

  private ModelVersion begin(VersionOrder order) {
    long number =
        Stream.concat(versions.stream(), unfinished.stream())
                .filter(v -> v.workspace().equals(order.workspace()))
                .count()
            + 1;
    ModelVersion begun =
        new ModelVersion(
            order.workspace(),
            order.model(),
            String.valueOf(number),
            order.location().runId(),
            null,
            List.of(),
            FakeWorld.tagged(order.tags(), Tags.KEY, order.key()),
            null);
    unfinished.add(begun);
    return begun;
  }

  @Override
  public synchronized GivenUp giveUpVersion(VersionOrder order) {
    world.effect("giveUpVersion", "give up register in " + order.workspace());
    Optional<ModelVersion> begun = find(unfinished, order.workspace(), Tags.KEY, order.key());
    begun.ifPresent(unfinished::remove);
    return new GivenUp(
        begun.stream().map(ModelVersion::version).toList(),
        find(order.workspace(), Tags.KEY, order.key()).stream()
            .map(ModelVersion::version)
            .toList());
  }

  @Override
  public ModelVersion settleVersion(VersionOrder order) {
    return find(order.workspace(), Tags.KEY, order.key()).orElseThrow();
  }

  @Override
  public ModelVersion version(VersionQuery query) {
    return versions.stream()
        .filter(v -> v.workspace().equals(query.workspace()) && v.version().equals(query.version()))
        .findFirst()
        .orElseThrow(() -> FakeWorld.userFault("no version " + query.version()));
  }

  @Override
  public ModelVersion versionNamed(VersionQuery query) {
    String marked = marks.get(query.workspace() + "/" + query.version());
    return version(
        marked == null ? query : new VersionQuery(query.workspace(), query.model(), marked));
  }

  @Override
  public TrainedRun runOf(VersionQuery query) {
    return world.trained(String.valueOf(version(query).runId()));
  }

  @Override
  public Optional<Champion> champion(ModelQuery query) {
    world.effect("champion", "read champion");
    return Optional.ofNullable(champion);
  }

  @Override
  public Marked mark(MarkOrder order) {
    world.effect("mark", "mark " + order.workspace() + " " + order.mark());
    String before = marks.put(order.workspace() + "/" + order.mark(), order.version());
    return new Marked(order.mark(), order.version(), before);
  }

  @Override
  public List<ModelVersion> versionsOf(PromotionQuery query) {
    return find(query.workspace(), Tags.PROMOTION, query.promotion()).stream().toList();
  }

  @Override
  public void labelVersion(VersionLabels labels) {
    world.effect("labelVersion", "label " + labels.workspace() + "/" + labels.version());
  }

  void isChampion(String version, Map<String, Double> metrics, String commit) {
    champion =
        new Champion(
            new ModelVersion(
                "prod", "diabetes", version, null, null, List.of("champion"), Map.of(), null),
            metrics,
            commit,
            null,
            null);
  }

  private Optional<ModelVersion> find(String workspace, String tag, String value) {
    return find(versions, workspace, tag, value);
  }

  private static Optional<ModelVersion> find(
      List<ModelVersion> among, String workspace, String tag, String value) {
    return among.stream()
        .filter(v -> v.workspace().equals(workspace) && value.equals(v.tags().get(tag)))
        .findFirst();
  }
}
