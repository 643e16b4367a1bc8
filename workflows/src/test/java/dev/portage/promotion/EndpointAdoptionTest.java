package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portage.adopt.AdoptStart;
import dev.portage.adopt.AdoptView;
import dev.portage.approval.Receipt;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.live.LiveState;
import dev.portage.plan.Action;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import dev.portage.rollback.RollbackView;
import dev.portage.serving.EndpointConfig;
import dev.portage.settings.ServeSettings;
import dev.portage.step.CourseView;
import io.temporal.client.WorkflowStub;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An endpoint that is live already becomes a part of the first release. */
@Timeout(180)
class EndpointAdoptionTest extends AdoptionScene {

  private static final String ENDPOINT = "diabetes";

  @BeforeEach
  void threeIsLiveAndServed() {
    live("3");
    serves("3");
  }

  private void serves(String version) {
    world.endpoints.byHand(ENDPOINT, FakeEndpoints.served(version, 100));
  }

  @Test
  void itIsStoredThenTaggedThenRecorded() {
    AdoptView view = adopted(Map.of("serve", ENDPOINT));

    assertThat(world.effects)
        .containsSubsequence(
            "store endpoint diabetes", "tag endpoint diabetes as diabetes", "label prod/3");
    Release release = Objects.requireNonNull(view.release());
    assertThat(release.live())
        .extracting(LiveState::thing, LiveState::version, LiveState::text)
        .containsExactly(
            tuple("serve", "3", "endpoint diabetes with version 3"),
            tuple("champion", "3", "version 3"));
    assertThat(Objects.requireNonNull(release.live()).getFirst().settings()).isNotNull();
    assertThat(world.endpoints.splits).as("what readers get stays").isEmpty();
  }

  @Test
  void jobAndEndpointAreRecordedTogether() {
    Release release =
        Objects.requireNonNull(adopted(Map.of("batch", "nightly", "serve", ENDPOINT)).release());

    assertThat(release.live())
        .extracting(LiveState::thing)
        .containsExactly("serve", "batch", "champion");
    assertThat(release.jobId()).isEqualTo(11);
  }

  @Test
  void aModelThatIsRegisteredAsAnotherIsTaggedByItsNameInPromotionYaml() {
    Map<String, String> both = Map.of("batch", "nightly", "serve", ENDPOINT);

    AdoptView view = run(new AdoptStart("diabetes", "prod", null, both, null, "ana@x", "sugar"));

    assertThat(world.effects)
        .contains("tag endpoint diabetes as sugar", "tag job 11 as sugar", "label prod/3");
    assertThat(Objects.requireNonNull(view.plan()).actions())
        .extracting(Action::then)
        .contains(
            "the endpoint of sugar, for promotions and rollbacks to change",
            "the job of sugar, for promotions and rollbacks to change");
  }

  @Test
  void aDryRunSaysWhatWouldChangeAndChangesNothing() {
    AdoptView view = run(new AdoptStart("diabetes", "prod", null, things(), true, "ana@x"));

    assertThat(Objects.requireNonNull(view.plan()).actions())
        .extracting(Action::what, Action::now, Action::then)
        .contains(
            tuple(
                "tags of endpoint diabetes",
                "not Portage's",
                "the endpoint of diabetes, for promotions and rollbacks to change"),
            tuple(
                "release of diabetes in prod",
                "none",
                "version 3, with endpoint diabetes, labelled live"));
    assertThat(world.effects).allMatch(effect -> effect.startsWith("read "));
  }

  @Test
  void anEndpointThatServesAnotherVersionIsRecordedAsItIsAndThatIsSaid() {
    serves("2");

    AdoptView view = adopted(things());

    assertThat(Objects.requireNonNull(view.plan()).remarks())
        .contains(
            "endpoint diabetes serves version 2, and version 3 is the champion; it is recorded as"
                + " it is");
    assertThat(Objects.requireNonNull(Objects.requireNonNull(view.release()).live()).getFirst())
        .extracting(LiveState::version)
        .isEqualTo("2");
  }

  @Test
  void promotionsAndRollbacksWorkOverIt() {
    adopted(things());
    world.serve = ServeSettings.of(ENDPOINT);

    engine.release(PromotionEngine.COMMIT);
    assertThat(world.endpoints.splits).first().asString().startsWith("2: 0 %, 3: 100 %");
    assertThat(world.endpoints.of(ENDPOINT).text()).isEqualTo("version 2");

    RollbackView back = engine.rollback().getResult(RollbackView.class);

    assertThat(back.state()).isEqualTo(CourseView.State.DONE);
    assertThat(world.endpoints.of(ENDPOINT))
        .isEqualTo(new EndpointConfig(List.of(FakeEndpoints.served("3", 100))));
    assertThat(world.registry.marks).containsEntry("prod/champion", "3");
  }

  @Test
  void whatIsTaggedIsUntaggedIfItCannotBeRecorded() {
    world.refuse("label prod/3", FakeWorld.userFault("you may not set tags"));

    WorkflowStub adoption =
        start(new AdoptStart("diabetes", "prod", null, things(), null, "ana@x"));
    untilStopped(adoption);

    assertThat(world.effects)
        .containsSubsequence("tag endpoint diabetes as diabetes", "untag endpoint diabetes");
    assertThat(engine.adoption.endpointTagged).isFalse();
    assertThat(engine.lane("prod").holder()).isNull();

    world.allow("label prod/3");
    adoption.update("resume", Receipt.class, by("ana@example.com", ""));
    assertThat(adoption.getResult(AdoptView.class).state()).isEqualTo(CourseView.State.DONE);
    assertThat(engine.adoption.endpointTagged).isTrue();
  }

  @Test
  void whereTheTagsCannotBeTakenBackTheCommandIsSaid() {
    world.refuse("label prod/3", FakeWorld.userFault("you may not set tags"));
    world.refuse("untagEndpoint", FakeWorld.userFault("you may not set tags"));

    WorkflowStub adoption =
        start(new AdoptStart("diabetes", "prod", null, things(), null, "ana@x"));
    AdoptView view = untilStopped(adoption);

    assertThat(view.notices())
        .anyMatch(notice ->
            notice.contains("endpoint diabetes may still have its new tags")
                && notice.contains("databricks serving-endpoints patch diabetes"));
  }

  @Test
  void aReleaseThatWasAdoptedWithoutItIsCompleted() {
    adopted(Map.of("batch", "nightly"));

    Release release = Objects.requireNonNull(adopted(things()).release());

    assertThat(release.live())
        .extracting(LiveState::thing)
        .containsExactly("serve", "batch", "champion");
    assertThat(world.log)
        .extracting(HistoryEvent::kind)
        .containsExactly(HistoryKind.ADOPTION, HistoryKind.ADOPTION);
    assertThat(adopted(things()).says()).startsWith("version 3 is recorded already, adopted at ");
    assertThat(world.log).hasSize(2);
  }

  @Test
  void whatAPromotionReleasedIsCompletedAndKeepsItsDecisions() {
    Release before =
        Release.of("promotion/diabetes/abc", "prod", "diabetes", "3", "d", Instant.EPOCH)
            .states(
                List.of(new LiveState("champion", true, "3", "version 3", Map.of(), null)), null)
            .build();
    world.records.put("run-9", before);

    Release release = Objects.requireNonNull(adopted(things()).release());

    assertThat(release.promotion()).isEqualTo("promotion/diabetes/abc");
    assertThat(release.at()).isEqualTo(Instant.EPOCH);
    assertThat(release.live()).extracting(LiveState::thing).containsExactly("serve", "champion");
    assertThat(engine.adoption.endpointTagged).isTrue();
  }

  @Test
  void anotherEndpointThanTheRecordedOneIsRefused() {
    adopted(things());
    world.endpoints.byHand("other", FakeEndpoints.served("3", 100));

    refused(
        Map.of("serve", "other"),
        "version 3 is recorded with endpoint diabetes with version 3, not with endpoint other");
  }

  @Test
  void anEndpointWhoseTagWasRemovedIsTaggedAgain() {
    adopted(things());
    engine.adoption.endpointTagged = false;

    assertThat(adopted(things()).state()).isEqualTo(CourseView.State.DONE);
    assertThat(engine.adoption.endpointTagged).isTrue();
  }

  @Test
  void anEndpointThatIsNotThereAndAThingThatNobodyKnowsAreRefused() {
    refused(Map.of("serve", "gone"), "there is no endpoint gone");
    refused(Map.of("dashboard", "x"), "nothing of the name dashboard can be adopted");
    assertThat(world.log).isEmpty();
    assertThat(world.registry.tagsOf("prod", "3")).doesNotContainKey(Tags.RELEASE);
  }

  private static Map<String, String> things() {
    return Map.of("serve", ENDPOINT);
  }

  private AdoptView adopted(Map<String, String> things) {
    AdoptView view = run(new AdoptStart("diabetes", "prod", null, things, null, "ana@example.com"));
    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    return view;
  }

  private AdoptView run(AdoptStart start) {
    return result(start(start));
  }

  private void refused(Map<String, String> things, String why) {
    assertRefused(
        start(new AdoptStart("diabetes", "prod", null, things, null, "ana@example.com")), why);
  }
}
