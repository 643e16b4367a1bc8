package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.registry.Marking;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionLabels;
import dev.portage.release.FollowUp;
import dev.portage.release.FollowedUp;
import dev.portage.release.FollowingUp;
import dev.portage.release.LiveVersion;
import dev.portage.release.Release;
import dev.portage.release.ReleaseOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What follows a release in its own workspace, done by one activity. */
class FollowingUpTest {

  private static final LiveVersion LIVE = new LiveVersion("prod", "diabetes", Marking.ALIASES, "1");

  private static final FollowUp LABEL =
      FollowUp.of(
          "prod/release",
          LIVE,
          new VersionLabels("prod", "diabetes", "1", Map.of(Tags.RELEASE, Tags.LIVE)));

  private static final FollowUp RECORD =
      FollowUp.of(
          "prod/release",
          LIVE,
          new ReleaseOrder(
              Release.of(
                      "promotion/diabetes/1",
                      "prod",
                      "diabetes",
                      "1",
                      FakeWorld.DIGEST,
                      Instant.EPOCH)
                  .build(),
              "run-9"));

  private final FakeWorld world = new FakeWorld();

  @BeforeEach
  void register() {
    world.registry.releasedWithoutALabel("key");
    world.registry.isChampion("1", Map.of(), PromotionEngine.COMMIT);
  }

  @Test
  void theLiveVersionIsLabelledAndRecorded() {
    List<FollowedUp> came = followUp();

    assertThat(came.getFirst().done()).isEqualTo("version 1 is labelled");
    assertThat(came.getLast().done()).startsWith("recorded at ");
    assertThat(label()).isEqualTo(Tags.LIVE);
    assertThat(world.records).containsKey("run-9");
  }

  @Test
  void aReplacedReleaseIsNotLabelledLive() {
    world.registry.isChampion("2", Map.of(), PromotionEngine.OTHER_COMMIT);

    assertThat(followUp().getFirst().done()).contains("superseded by a newer release");
    assertThat(label()).isEqualTo(Tags.SUPERSEDED);
  }

  @Test
  void theVersionThatWasLiveBeforeIsNotCalledLiveAnyMore() {
    world.registry.versions.add(released("9", Tags.LIVE, List.of()));

    assertThat(supersede("9")).isEqualTo("version 9 is labelled as superseded");
    assertThat(world.registry.tagsOf("prod", "9")).containsEntry(Tags.RELEASE, Tags.SUPERSEDED);
    assertThat(supersede("9")).isEqualTo("version 9 needs no other label");
  }

  @Test
  void whatNoPromotionReleasedWhatIsLiveAgainAndWhatIsGoneGetNoLabel() {
    world.registry.versions.add(released("7", null, List.of()));
    world.registry.versions.add(released("8", Tags.LIVE, List.of("champion")));

    assertThat(supersede("7")).isEqualTo("version 7 needs no other label");
    assertThat(supersede("8")).isEqualTo("version 8 needs no other label");
    assertThat(world.count("label prod/")).isZero();
  }

  @Test
  void afterwardsNoOtherVersionSaysThatItIsLive() {
    world.registry.versions.add(released("7", Tags.LIVE, List.of()));
    world.registry.versions.add(released("8", Tags.SUPERSEDED, List.of()));
    world.registry.versions.add(released("9", Tags.LIVE, List.of()));

    assertThat(followUp().getFirst().done())
        .isEqualTo(
            "version 1 is labelled; version 9 is labelled as superseded;"
                + " version 7 is labelled as superseded");

    assertThat(saysLive()).containsExactly("1");
    assertThat(world.effects).doesNotContain("label prod/8");
  }

  /** The new version was labelled, and then the worker died, or the other label was refused. */
  @Test
  void aCrashBetweenTwoLabelsIsRepairedByTheNextAttempt() {
    world.registry.versions.add(released("9", Tags.LIVE, List.of()));
    world.failNext("label prod/9", FakeWorld.platformFault("connection reset"));

    assertThat(followUp().getFirst().problem()).isNotNull();
    assertThat(saysLive()).containsExactlyInAnyOrder("1", "9");

    assertThat(followUp().getFirst().problem()).isNull();
    assertThat(saysLive()).containsExactly("1");
  }

  @Test
  void aPromotionThatEndedBetweenTwoLabelsIsRepairedByTheNextRelease() {
    world.registry.versions.add(released("9", Tags.LIVE, List.of()));
    world.failNext("label prod/9", FakeWorld.platformFault("the worker was killed"));
    followUp();
    assertThat(saysLive()).containsExactlyInAnyOrder("1", "9");

    world.registry.versions.add(released("2", null, List.of()));
    world.registry.isChampion("2", Map.of(), PromotionEngine.OTHER_COMMIT);
    new FollowingUp(world.registry, world.releases)
        .followUp(
            List.of(
                FollowUp.of(
                    "prod/release",
                    new LiveVersion("prod", "diabetes", Marking.ALIASES, "2"),
                    new VersionLabels("prod", "diabetes", "2", Map.of(Tags.RELEASE, Tags.LIVE)))));

    assertThat(saysLive()).containsExactly("2");
  }

  private List<String> saysLive() {
    return world.registry.versions.stream()
        .filter(version -> Tags.LIVE.equals(version.tags().get(Tags.RELEASE)))
        .map(ModelVersion::version)
        .toList();
  }

  private @Nullable String supersede(String version) {
    FollowUp order =
        FollowUp.of(
            "prod/release",
            LIVE,
            new VersionLabels("prod", "diabetes", version, Map.of(Tags.RELEASE, Tags.SUPERSEDED)));
    return new FollowingUp(world.registry, world.releases)
        .followUp(List.of(order))
        .getFirst()
        .done();
  }

  private static ModelVersion released(
      String version, @Nullable String label, List<String> aliases) {
    return new ModelVersion(
        "prod",
        "diabetes",
        version,
        null,
        null,
        aliases,
        label == null ? Map.of() : Map.of(Tags.RELEASE, label),
        null);
  }

  @Test
  void aFailedFollowUpDoesNotBlockOthers() {
    world.refuse("label prod/1", FakeWorld.userFault("you may not set tags"));

    List<FollowedUp> came = followUp();

    assertThat(came.getFirst().done()).isNull();
    assertThat(came.getFirst().problem())
        .satisfies(problem -> assertThat(String.valueOf(problem)).contains("you may not set tags"));
    assertThat(came.getLast().problem()).isNull();
    assertThat(world.records).containsKey("run-9");
  }

  private List<FollowedUp> followUp() {
    return new FollowingUp(world.registry, world.releases).followUp(List.of(LABEL, RECORD));
  }

  private @Nullable String label() {
    return world.registry.tagsOf("prod", "1").get(Tags.RELEASE);
  }
}
