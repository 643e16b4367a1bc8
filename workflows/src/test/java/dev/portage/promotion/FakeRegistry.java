package dev.portage.promotion;

import dev.portage.duplicates.DuplicatesRemoved;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The registries of all workspaces, in memory. */
final class FakeRegistry implements RegistryActivities {

  /** All version numbers, in the order in which the registry lists them. */
  volatile @Nullable String listed;

  final List<ModelVersion> versions = new CopyOnWriteArrayList<>();

  /** Created, without their files yet. */
  final List<ModelVersion> unfinished = new CopyOnWriteArrayList<>();

  final Map<String, String> marks = new ConcurrentHashMap<>();

  /** By workspace. */
  private final Map<String, Champion> champions = new ConcurrentHashMap<>();

  /** Once moved, prod's champion can neither be read nor moved again. */
  volatile boolean blindOnceMoved;

  /** The same after the move was refused. */
  volatile boolean blindOnceRefused;

  /** Duplicates that are removed when a workspace is next searched for them, in words. */
  final Map<String, List<String>> duplicates = new ConcurrentHashMap<>();

  private volatile @Nullable String late;
  private volatile long movedBefore;
  private volatile int triedBefore;
  private final AtomicInteger tries = new AtomicInteger();
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

  /** Numbers of duplicates that are removed while a version is made, by workspace. */
  final Map<String, String> removedInMaking = new ConcurrentHashMap<>();

  private ModelVersion begin(VersionOrder order) {
    String twins = removedInMaking.get(order.workspace());
    Map<String, String> tags = FakeWorld.tagged(order.tags(), Tags.KEY, order.key());
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
            twins == null ? tags : FakeWorld.tagged(tags, Tags.DUPLICATES, twins),
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
  public SettledVersion settleVersion(VersionOrder order) {
    return new SettledVersion(
        find(order.workspace(), Tags.KEY, order.key()).orElseThrow(),
        List.copyOf(Objects.requireNonNullElse(duplicates.remove(order.workspace()), List.of())));
  }

  @Override
  public DuplicatesRemoved removeVersionTwins(VersionOrder order) {
    return world.twins("version", order.workspace(), order.made());
  }

  @Override
  public ModelVersion version(VersionQuery query) {
    return versions.stream()
        .filter(v -> v.workspace().equals(query.workspace()) && v.version().equals(query.version()))
        .findFirst()
        .map(this::marked)
        .orElseThrow(() -> FakeWorld.userFault("no version " + query.version()));
  }

  private ModelVersion marked(ModelVersion version) {
    Champion champion = champions.get(version.workspace());
    return champion == null || !champion.version().version().equals(version.version())
        ? version
        : new ModelVersion(
            version.workspace(),
            version.model(),
            version.version(),
            version.runId(),
            Marking.STAGES.live(),
            List.of(Marking.ALIASES.live()),
            version.tags(),
            version.page());
  }

  @Override
  public ModelVersion versionNamed(VersionQuery query) {
    String marked = marks.get(query.workspace() + "/" + query.version());
    return version(
        marked == null ? query : new VersionQuery(query.workspace(), query.model(), marked));
  }

  @Override
  public boolean isRegistered(String workspace, String model) {
    throw new UnsupportedOperationException();
  }

  @Override
  public TrainedRun runOf(VersionQuery query) {
    String run = version(query).runId();
    return world.trained(run == null ? "" : run);
  }

  @Override
  public Optional<Champion> champion(ModelQuery query) {
    refuseBlindly(query.workspace());
    world.effect("champion", "read champion");
    Optional<Champion> found = Optional.ofNullable(champions.get(query.workspace()));
    String coming = late;
    if (coming != null
        && world.count("mark prod champion") == movedBefore
        && tries.get() == triedBefore + 2) {
      late = null;
      champions.put("prod", championOf("prod", coming));
    }
    return query.withVersions() == null ? found : found.map(champion -> champion.among(listed));
  }

  private void refuseBlindly(String workspace) {
    boolean moved = marks.containsKey("prod/champion");
    boolean refused = !moved && tries.get() > 0;
    if (workspace.equals("prod") && ((blindOnceMoved && moved) || (blindOnceRefused && refused))) {
      throw FakeWorld.userFault("you may not read models");
    }
  }

  /** Somebody removes prod's champion by hand. */
  void losesChampion() {
    champions.remove("prod");
  }

  /** After two more tries and one read, prod's champion moves to that version. */
  void movesLate(String version) {
    movedBefore = world.count("mark prod champion");
    triedBefore = tries.get();
    late = version;
  }

  @Override
  public Marked mark(MarkOrder order) {
    if (order.mark().equals(order.marking().live())) {
      if (order.workspace().equals("prod")) {
        tries.incrementAndGet();
      }
      refuseBlindly(order.workspace());
    }
    world.effect("mark", "mark " + order.workspace() + " " + order.mark());
    String before = marks.put(order.workspace() + "/" + order.mark(), order.version());
    if (order.mark().equals(order.marking().live())) {
      Champion replaced =
          champions.put(order.workspace(), championOf(order.workspace(), order.version()));
      before = replaced == null ? null : replaced.version().version();
    }
    world.answer("mark");
    return new Marked(order.mark(), order.version(), before);
  }

  @Override
  public Unmarked unmark(UnmarkOrder order) {
    world.effect("unmark", "unmark " + order.workspace() + " " + order.mark());
    boolean taken = marks.remove(order.workspace() + "/" + order.mark(), order.version());
    world.answer("unmark");
    return new Unmarked(taken, "stage " + order.stage());
  }

  @Override
  public List<ModelVersion> versionsOf(PromotionQuery query) {
    return find(query.workspace(), Tags.PROMOTION, query.promotion()).stream().toList();
  }

  @Override
  public List<ReleasedVersion> releasedVersions(ReleasedQuery query) {
    return versions.reversed().stream()
        .filter(v -> v.workspace().equals(query.workspace()) && v.model().equals(query.model()))
        .filter(v -> v.tags().containsKey(Tags.RELEASE))
        .map(v -> new ReleasedVersion(v.version(), v.runId(), v.tags().get(Tags.RELEASE)))
        .toList();
  }

  @Override
  public void labelVersion(VersionLabels labels) {
    world.effect("labelVersion", "label " + labels.workspace() + "/" + labels.version());
    versions.replaceAll(v ->
        v.workspace().equals(labels.workspace()) && v.version().equals(labels.version())
            ? labelled(v, labels.tags())
            : v);
  }

  private static ModelVersion labelled(ModelVersion version, Map<String, String> tags) {
    Map<String, String> all = new HashMap<>(version.tags());
    all.putAll(tags);
    return new ModelVersion(
        version.workspace(),
        version.model(),
        version.version(),
        version.runId(),
        version.stage(),
        version.aliases(),
        all,
        version.page());
  }

  /** A version's current tags. */
  Map<String, String> tagsOf(String workspace, String version) {
    return version(new VersionQuery(workspace, "diabetes", version)).tags();
  }

  /** Tags of champions that someone else sets from now on. */
  volatile Map<String, String> championTags = Map.of();

  /** That version of prod is champion, and an earlier promotion released it. */
  void madeLive(String version) {
    championTags = Map.of(Tags.RELEASE, Tags.LIVE);
    versions.add(
        new ModelVersion("prod", "diabetes", version, null, null, List.of(), championTags, null));
    isChampion(version, Map.of("rmse", 70.0), PromotionEngine.OTHER_COMMIT);
  }

  /** Someone else sets the champion of prod. */
  void isChampion(String version, Map<String, Double> metrics, String commit) {
    isChampion(version, metrics, commit, null);
  }

  /** The same, with a version that names a run. */
  void isChampion(
      String version, Map<String, Double> metrics, String commit, @Nullable String run) {
    champions.put(
        "prod",
        new Champion(
            new ModelVersion(
                "prod", "diabetes", version, run, null, List.of("champion"), championTags, null),
            metrics,
            commit,
            null,
            null));
  }

  /** A version of dev that no promotion made. */
  void madeElsewhere(String version) {
    versions.add(
        new ModelVersion("dev", "diabetes", version, "run-7", null, List.of(), Map.of(), null));
  }

  /** A version in prod with that key that was once live. */
  void releasedByAnEarlierRun(String key) {
    made(Map.of(Tags.KEY, key, Tags.RELEASE, Tags.LIVE));
  }

  /** The same, but the label was never written. */
  void releasedWithoutALabel(String key) {
    made(Map.of(Tags.KEY, key));
  }

  private void made(Map<String, String> tags) {
    versions.add(new ModelVersion("prod", "diabetes", "1", "run-9", null, List.of(), tags, null));
  }

  /** That version of dev is in stage Production, set by someone else. */
  void isOriginOf(String version) {
    champions.put("dev", championOf("dev", version));
    marks.put("dev/Production", version);
  }

  /** Whether champions tell the digest of their manifest, each another one. */
  volatile boolean tellsDigests;

  private Champion championOf(String workspace, String version) {
    ModelVersion held =
        versions.stream()
            .filter(v -> v.workspace().equals(workspace) && v.version().equals(version))
            .findFirst()
            .orElse(
                new ModelVersion(
                    workspace, "diabetes", version, null, null, List.of(), Map.of(), null));
    return new Champion(
        held,
        world.metrics,
        held.tags().get(Tags.COMMIT),
        tellsDigests ? "digest-of-" + version : null,
        held.tags().get(Tags.PROMOTION));
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
