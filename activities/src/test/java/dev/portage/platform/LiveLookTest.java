package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.candidate.ModelLocation;
import dev.portage.copy.Verify;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.live.LiveQuery;
import dev.portage.live.LiveRef;
import dev.portage.live.LiveSeen;
import dev.portage.live.LiveState;
import dev.portage.preflight.Ahead;
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
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.release.ReleaseOrder;
import dev.portage.serving.EndpointActivities;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointState;
import dev.portage.serving.Served;
import dev.portage.tracking.RunLabels;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrackingActivities;
import dev.portage.tracking.TrainedRun;
import dev.portage.trigger.Trigger;
import dev.portage.trigger.TriggerQuery;
import dev.portage.trigger.Triggers;
import io.temporal.failure.ApplicationFailure;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whether a promotion was already released shows in the version's tags or in its record. */
class LiveLookTest {
  private static final String PROMOTION = "promotion/churn/0123456789ab";
  private static final PromotionQuery QUERY = new PromotionQuery("prod", "churn", PROMOTION);
  private static final VersionOrder ORDER =
      new VersionOrder(
          "prod",
          "churn",
          new ModelLocation("prod", "1", "run-3", null, "model", "runs:/run-3/model", "store:/3"),
          "key",
          Map.of(),
          "",
          Verify.SIZES);

  private static final LiveQuery SHOWN =
      new LiveQuery(
          List.of(
              new LiveRef("champion", "prod", "churn", Marking.STAGES, PROMOTION, Map.of(), null)),
          new ModelQuery("prod", "churn", Marking.STAGES).andVersions());

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Registry registry = new Registry();
  private final Records records = new Records();

  private @Nullable EndpointState endpoint =
      new EndpointState(
          "churn",
          new EndpointConfig(List.of(new Served("churn-1", "churn", "1", 100, "d"))),
          null,
          "churn",
          null,
          null,
          null,
          null);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void aVersionLabelledReleasedNeedsNoRecord() {
    registry.versions = List.of(version("3", Map.of(Tags.RELEASE, Tags.LIVE), null));

    assertThat(released()).isTrue();
    assertThat(records.asked).isZero();
  }

  @Test
  void aVersionWithoutALabelIsRecognisedByItsRecord() {
    registry.versions = List.of(version("3", Map.of(), "run-3"));
    assertThat(released()).isFalse();

    records.kept.put("run-3", release(PROMOTION, "3"));
    assertThat(released()).isTrue();
  }

  @Test
  void aRecordOfAnotherPromotionOrVersionDoesNotCount() {
    registry.versions = List.of(version("3", Map.of(), "run-3"));

    records.kept.put("run-3", release("promotion/churn/another", "3"));
    assertThat(released()).isFalse();
    records.kept.put("run-3", release(PROMOTION, "2"));
    assertThat(released()).isFalse();
  }

  @Test
  void aDeletedRunIsNoEvidenceAndAnUnreachableServerIsRetried() {
    registry.versions = List.of(version("3", Map.of(), "run-3"));

    records.failure = () -> failure(FailureKind.USER);
    assertThat(released()).isFalse();

    records.failure = () -> failure(FailureKind.PLATFORM);
    assertThatThrownBy(this::released).isInstanceOf(ApplicationFailure.class);
  }

  @Test
  void underATurnOneReadGivesTheChampionAndWhetherOurVersionWasReleased() {
    registry.versions = List.of(version("3", Map.of(), "run-3"));
    registry.champion = new Champion(version("2", Map.of(), null), Map.of(), null, null, null);

    registry.duplicates = List.of("version 4 of churn in prod was removed");

    LiveSeen first = underTurn(ORDER);
    assertThat(first.settled()).containsExactly("version 4 of churn in prod was removed");
    assertThat(first.championVersion()).isEqualTo("2");
    assertThat(first.of("champion").text()).isEqualTo("version 2");
    assertThat(first.released()).isFalse();
    assertThat(registry.settled).containsExactly(ORDER);

    records.kept.put("run-3", release(PROMOTION, "3"));
    assertThat(underTurn(null).released()).isTrue();
    assertThat(registry.settled).hasSize(1);
  }

  @Test
  void underATurnAnUnreadableRunProvesNothing() {
    registry.versions = List.of(version("3", Map.of(), "run-3"));
    records.failure = () -> failure(FailureKind.USER);

    assertThatThrownBy(() -> underTurn(null)).isInstanceOf(ApplicationFailure.class);
  }

  @Test
  void anEndpointOfTheLiveReleaseThatTheHopDoesNotChangeIsToldAsItIsNow() {
    theLiveReleaseIsServed();

    assertThat(toShow().leftBehind())
        .singleElement()
        .asString()
        .startsWith(
            "endpoint churn with version 1 stays as it is, since the file has no serve any more");
    records.failure = () -> failure(FailureKind.PLATFORM);
    assertThat(toShow().leftBehind()).as("nothing fails for what is only shown").isEmpty();
    records.failure = null;
    endpoint = null;
    assertThat(toShow().leftBehind()).isEmpty();
  }

  private void theLiveReleaseIsServed() {
    registry.champion = new Champion(version("2", Map.of(), "run-2"), Map.of(), null, null, null);
    records.kept.put(
        "run-2",
        Release.of(PROMOTION, "prod", "churn", "2", "digest", Instant.EPOCH)
            .states(List.of(served("2")), null)
            .build());
  }

  private static LiveState served(String version) {
    return new LiveState(
        "serve",
        true,
        version,
        "endpoint churn with version " + version,
        Map.of("endpoint", "churn", "model", "churn"),
        null);
  }

  @Test
  void aPlanThatIsOnlyShownTellsItInTheSameWords() {
    theLiveReleaseIsServed();

    LiveInspection.Seen seen =
        serving().begin(new Ahead(null, null, SHOWN, null, null, null), threads).seen();

    assertThat(seen.failed()).isNull();
    LiveSeen live = Objects.requireNonNull(Objects.requireNonNull(seen.live()).seen());
    assertThat(live.leftBehind()).hasSize(1).isEqualTo(toShow().leftBehind());
  }

  private LiveSeen toShow() {
    return new LiveLooks(serving()).look(SHOWN);
  }

  private LiveInspection serving() {
    EndpointActivities endpoints =
        (EndpointActivities)
            Proxy.newProxyInstance(
                LiveLookTest.class.getClassLoader(),
                new Class<?>[] {EndpointActivities.class},
                (proxy, method, arguments) -> Optional.ofNullable(endpoint));
    return new LiveInspection(
        new NoTracking(), registry, records, null, endpoints, _ -> Triggers.none());
  }

  /** Thousands of jobs may take longer than the whole inspection has. */
  @Test
  void whatStartsByItselfIsNotWaitedForWithoutEnd() {
    Ahead ahead =
        new Ahead(
            null,
            null,
            null,
            null,
            null,
            new TriggerQuery("prod", "churn", Marking.STAGES, Set.of(Trigger.Event.VERSION)));

    LiveInspection.Seen seen =
        new LiveInspection(
                new NoTracking(),
                registry,
                records,
                null,
                null,
                LiveLookTest::neverFound,
                Duration.ofSeconds(1))
            .begin(ahead, threads)
            .seen();

    assertThat(seen.failed()).isNull();
    assertThat(Objects.requireNonNull(seen.live()).triggers())
        .isEqualTo(
            new Triggers(
                List.of(),
                "the workspace did not list all of it within 1 s; the promotion looks again"));
  }

  private static Triggers neverFound(TriggerQuery query) {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return Triggers.none();
  }

  private LiveSeen underTurn(@Nullable VersionOrder settle) {
    ModelQuery model = new ModelQuery("prod", "churn", Marking.STAGES);
    return new LiveLooks(
            new LiveInspection(
                new NoTracking(), registry, records, null, null, _ -> Triggers.none()))
        .look(
            new LiveQuery(
                List.of(
                    new LiveRef(
                        "champion", "prod", "churn", Marking.STAGES, PROMOTION, Map.of(), null)),
                model,
                new VersionQuery("prod", "churn", "3"),
                PROMOTION,
                settle));
  }

  private @Nullable Boolean released() {
    LiveInspection look =
        new LiveInspection(new NoTracking(), registry, records, null, null, _ -> Triggers.none());
    LiveInspection.Seen seen =
        look.begin(new Ahead(null, null, null, QUERY, null, null), threads).seen();
    return seen.live() == null ? null : seen.live().released();
  }

  private static ModelVersion version(
      String number, Map<String, String> tags, @Nullable String run) {
    return new ModelVersion("prod", "churn", number, run, null, List.of(), tags, null);
  }

  private static Release release(String promotion, String version) {
    return Release.of(promotion, "prod", "churn", version, "digest", Instant.EPOCH).build();
  }

  private static ApplicationFailure failure(FailureKind kind) {
    return Failures.of(
        Problem.of(kind, "read run run-3", "workspace prod", "404", "DuplicateCheck there."));
  }

  /** Keeps records in memory. */
  private static final class Records implements ReleaseActivities {
    final Map<String, Release> kept = new HashMap<>();
    @Nullable Supplier<ApplicationFailure> failure;
    int asked;

    @Override
    public String record(ReleaseOrder order) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Release> recorded(RecordQuery query) {
      asked++;
      if (failure != null) {
        throw failure.get();
      }
      return Optional.ofNullable(kept.get(query.runId()));
    }

    @Override
    public Optional<Release> liveRelease(ModelQuery query) {
      throw new UnsupportedOperationException();
    }
  }

  /** Knows the promotion's versions and the champion, and expects no other call. */
  private static final class Registry implements RegistryActivities {
    List<ModelVersion> versions = List.of();
    final List<VersionOrder> settled = new ArrayList<>();
    List<String> duplicates = List.of();
    @Nullable Champion champion;

    @Override
    public List<ModelVersion> versionsOf(PromotionQuery query) {
      return query.equals(QUERY) ? versions : List.of();
    }

    @Override
    public Optional<Champion> champion(ModelQuery query) {
      return Optional.ofNullable(champion);
    }

    @Override
    public ModelVersion registerVersion(VersionOrder order) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SettledVersion settleVersion(VersionOrder order) {
      settled.add(order);
      return new SettledVersion(versions.getFirst(), duplicates);
    }

    @Override
    public DuplicatesRemoved removeVersionTwins(VersionOrder order) {
      throw new UnsupportedOperationException();
    }

    @Override
    public GivenUp giveUpVersion(VersionOrder order) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ModelVersion version(VersionQuery query) {
      return versions.stream()
          .filter(version -> version.version().equals(query.version()))
          .findFirst()
          .orElseThrow();
    }

    @Override
    public boolean isRegistered(String workspace, String model) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ModelVersion versionNamed(VersionQuery query) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Unmarked unmark(UnmarkOrder order) {
      throw new UnsupportedOperationException();
    }

    @Override
    public TrainedRun runOf(VersionQuery query) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Marked mark(MarkOrder order) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<ReleasedVersion> releasedVersions(ReleasedQuery query) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void labelVersion(VersionLabels labels) {
      throw new UnsupportedOperationException();
    }
  }

  /** Expects no call. */
  private static final class NoTracking implements TrackingActivities {
    @Override
    public TrainedRun findRun(RunSearch search) {
      throw new UnsupportedOperationException();
    }

    @Override
    public TrainedRun standIn(TrainedRun trained) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void labelRun(RunLabels labels) {
      throw new UnsupportedOperationException();
    }
  }
}
