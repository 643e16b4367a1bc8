package dev.portage.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.clearance.ClearanceRecords;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.live.LiveState;
import dev.portage.preflight.KnownWorkspaces;
import dev.portage.preflight.PlatformActivities;
import dev.portage.preflight.QueueActivities;
import dev.portage.preflight.ShortCalls;
import dev.portage.quarantine.Quarantined;
import dev.portage.release.Release;
import dev.portage.temporal.Pollers;
import dev.portage.temporal.Queues;
import dev.portage.temporal.TestTemporal;
import dev.portage.text.MarkdownPage;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What {@code portage history} starts. */
class HistoryWorkflowTest {

  private static final String DIGEST = "a".repeat(64);

  @AutoClose private final TestWorkflowEnvironment environment = TestTemporal.skippingTime();

  private final Books dev = new Books("dev");
  private final Books prod = new Books("prod");

  @Test
  void entriesOfAllWorkspacesAreListedNewestFirst() {
    prod.log.add(release("prod", "1", "2026-03-01T10:00:00Z", null));
    prod.log.add(release("prod", "2", "2026-03-03T10:00:00Z", "1"));
    dev.log.add(release("dev", "9", "2026-03-02T10:00:00Z", null));
    prod.clearance.freezes.add(
        new Freeze(
            "f1",
            "prod",
            at("2026-03-04T10:00:00Z"),
            at("2026-03-09T10:00:00Z"),
            "ops@example.com",
            "quarter end",
            at("2026-03-04T10:00:00Z"),
            new Freeze.Lifted("ana@example.com", "over early", at("2026-03-05T10:00:00Z"))));
    prod.clearance.freezes.add(
        new Freeze(
            "file-1",
            "prod",
            at("2999-12-20T00:00:00Z"),
            at("2999-12-31T00:00:00Z"),
            "portage.yaml:31",
            "to come",
            null,
            null));
    prod.clearance.entries.add(
        Quarantined.of(
                "prod",
                "churn",
                DIGEST,
                Quarantined.Why.ROLLED_BACK,
                "rollback/prod/churn/1",
                "ana@example.com",
                at("2026-03-06T10:00:00Z"))
            .version("1")
            .reason("predicts nothing")
            .build()
            .liftedBy(
                new Quarantined.Lifted("kim@example.com", "fixed", at("2026-03-07T10:00:00Z"))));

    HistoryView view = history(new HistoryOrder("churn", null, 20, null));

    assertThat(view.events())
        .extracting(event -> event.kind().word() + " " + event.workspace())
        .containsExactly(
            "lift prod",
            "quarantine prod",
            "unfreeze prod",
            "freeze prod",
            "release prod",
            "release dev",
            "release prod");
    assertThat(view.workspaces())
        .allSatisfy(workspace -> {
          assertThat(workspace.more()).isFalse();
          assertThat(workspace.problem()).isNull();
          assertThat(workspace.notes()).isEmpty();
        });
    assertThat(text(view))
        .contains("release of version 2 in prod by dev@example.com")
        .contains("predicts nothing")
        .contains("quarantine in prod by ", ": version 1, digest aaaaaaaaaaaa, rolled back")
        .contains("lift of a quarantine in prod by ", ": version 1, digest aaaaaaaaaaaa")
        .contains("freeze in prod until 2026-03-09T10:00:00Z by ops@example.com")
        .contains("before: version 1");
  }

  @Test
  void onlyTheNewestAreListedAndItIsSaidThatThereAreMore() {
    prod.log.add(release("prod", "1", "2026-03-01T10:00:00Z", null));
    prod.log.add(release("prod", "2", "2026-03-03T10:00:00Z", "1"));
    dev.log.add(release("dev", "9", "2026-03-02T10:00:00Z", null));

    HistoryView view = history(new HistoryOrder("churn", null, 2, null));

    assertThat(view.events()).extracting(HistoryEvent::workspace).containsExactly("prod", "dev");
    assertThat(view.workspaces()).extracting(WorkspaceHistory::more).containsExactly(false, true);
  }

  @Test
  void aChangeByHandIsSeenByWhatTheNextReleaseFound() {
    prod.log.add(release("prod", "1", "2026-03-01T10:00:00Z", null));
    prod.log.add(release("prod", "3", "2026-03-03T10:00:00Z", "2"));

    HistoryView view = history(new HistoryOrder("churn", "prod", 20, null));

    assertThat(text(view))
        .contains("found version 2 live, which no entry says: it was changed by hand");
  }

  @Test
  void anAdoptionReplacesNothing() {
    prod.log.add(release("prod", "1", "2026-03-01T10:00:00Z", null));
    HistoryEvent moved = release("prod", "5", "2026-03-03T10:00:00Z", null);
    prod.log.add(
        HistoryEvent.of(
                "adoption/prod/adopt/prod/churn",
                HistoryKind.ADOPTION,
                "prod",
                "churn",
                moved.at(),
                "ana@example.com")
            .release(moved.release())
            .build());

    String text = text(history(new HistoryOrder("churn", "prod", 20, null)));

    assertThat(text)
        .contains("adoption of version 5 in prod by ana@example.com")
        .doesNotContain("changed by hand");
  }

  @Test
  void atAnyTimeItIsKnownWhatWasLive() {
    prod.log.add(release("prod", "1", "2026-03-01T10:00:00Z", "7"));
    prod.log.add(release("prod", "2", "2026-03-03T10:00:00Z", "1"));
    prod.clearance.freezes.add(
        new Freeze(
            "f1",
            "prod",
            at("2026-03-02T00:00:00Z"),
            at("2026-03-02T23:00:00Z"),
            "ops@example.com",
            "quarter end",
            at("2026-03-01T23:00:00Z"),
            null));

    LiveThen between = then("2026-03-02T10:00:00Z");
    assertThat(between.known()).isTrue();
    assertThat(between.text())
        .isEqualTo("version 1 since 2026-03-01T10:00:00Z, by release promotion/churn/1");
    assertThat(between.things()).extracting(LiveState::thing).containsExactly("batch", "champion");
    assertThat(between.frozen()).isNotNull();

    assertThat(then("2026-03-03T10:00:00Z").text()).startsWith("version 2 since");
    assertThat(then("2026-03-03T09:59:59.999Z").text()).startsWith("version 1 since");
    assertThat(then("2026-03-04T10:00:00Z").frozen()).isNull();
  }

  @Test
  void beforeTheFirstRecordItIsNotKnown() {
    prod.log.add(release("prod", "1", "2026-03-01T10:00:00Z", "7"));

    LiveThen before = then("2026-02-01T10:00:00Z");

    assertThat(before.known()).isFalse();
    assertThat(before.text())
        .isEqualTo(
            "not known: the first record of churn in prod is of 2026-03-01T10:00:00Z;"
                + " it replaced version 7");
    assertThat(before.things()).isEmpty();
    assertThat(
            history(new HistoryOrder("churn", "dev", 20, at("2026-02-01T10:00:00Z")))
                .live()
                .getFirst()
                .text())
        .isEqualTo(
            "not known: nothing is recorded of churn in dev; nothing is released there, since it is"
                + " the first one of the path");
  }

  @Test
  void whereModelsAreReleasedAndNothingIsRecordedItSaysHowToRecordIt() {
    assertThat(then("2026-02-01T10:00:00Z").text())
        .isEqualTo(
            "not known: nothing is recorded of churn in prod; if a version is live there, record"
                + " it: portage adopt churn --workspace prod");
  }

  /** Far more entries than one page, of which only the oldest made something live. */
  @Test
  void whatWasLiveIsFoundBehindManyOtherEntries() {
    prod.log.add(release("prod", "1", "2026-03-01T10:00:00Z", null));
    for (int i = 0; i < 120; i++) {
      prod.log.add(
          HistoryEvent.of(
                  "break-glass/prod/" + i,
                  HistoryKind.BREAK_GLASS,
                  "prod",
                  "churn",
                  at("2026-03-02T10:00:00Z").plusSeconds(i),
                  "ana@example.com")
              .build());
    }

    assertThat(then("2026-03-03T10:00:00Z").text()).startsWith("version 1 since");
  }

  @Test
  void aWorkspaceWithoutAWorkerIsSaidAndTheOthersAnswer() {
    prod.log.add(release("prod", "1", "2026-03-01T10:00:00Z", null));
    serve(Map.of("prod", prod));

    HistoryView view = ask(new HistoryOrder("churn", null, 20, null));

    assertThat(view.events()).hasSize(1);
    assertThat(view.lacksAnswers()).isTrue();
    assertThat(view.workspaces().getFirst().problem())
        .satisfies(problem -> {
          assertThat(problem).isNotNull();
          assertThat(problem.cameBack()).isEqualTo("no worker polls task queue portage/dev");
          assertThat(problem.remedy()).isEqualTo("portage worker --workspaces dev");
        });
    assertThat(text(view)).contains("dev did not answer");
  }

  @Test
  void aLogThatCanNotBeReadIsSaid() {
    prod.failure =
        Failures.of(
            Problem.of(
                FailureKind.USER,
                "search runs by tag portage_model",
                "workspace prod",
                "403: no permission",
                "grant CAN_READ"));

    HistoryView view = history(new HistoryOrder("churn", "prod", 20, null));

    assertThat(view.workspaces())
        .singleElement()
        .satisfies(prod ->
            assertThat(Objects.requireNonNull(prod.problem()).message())
                .contains("403: no permission", "grant CAN_READ"));
  }

  @Test
  void aWorkerThatKnowsNoFreezesHasNoneToTell() {
    prod.log.add(release("prod", "1", "2026-03-01T10:00:00Z", null));
    HistoryActivities logOnly =
        new HistoryActivities() {
          @Override
          public HistoryEvent appendEvent(HistoryEvent event) {
            return prod.appendEvent(event);
          }

          @Override
          public HistoryPage readHistory(HistoryQuery query) {
            return prod.readHistory(query);
          }

          @Override
          public ReleaseAt releaseAt(ReleaseAtQuery query) {
            return prod.releaseAt(query);
          }
        };
    serve(Map.of("prod", logOnly));

    HistoryView view = ask(new HistoryOrder("churn", "prod", 20, null));

    assertThat(view.events()).hasSize(1);
    assertThat(view.workspaces().getFirst().notes()).isEmpty();
  }

  @Test
  void anUnknownWorkspaceIsTheUsersError() {
    HistoryView view = history(new HistoryOrder("churn", "prdo", 20, null));

    assertThat(view.problem())
        .satisfies(problem -> {
          assertThat(problem).isNotNull();
          assertThat(problem.kind()).isEqualTo(FailureKind.USER);
          assertThat(problem.remedy()).contains("dev, prod");
        });
  }

  @Test
  void aModelOfWhichNothingIsRecordedIsNoFailure() {
    HistoryView view = history(new HistoryOrder("churn", null, 20, null));

    assertThat(view.problem()).isNull();
    assertThat(text(view)).contains("nothing is recorded").contains("portage adopt churn");
  }

  @Test
  void anEndpointThatTheLastReleaseNoLongerServesFromStayedAsItWas() {
    prod.log.add(of("1", "2026-03-01T10:00:00Z", serving("1"), champion("1")));
    prod.log.add(of("2", "2026-03-02T10:00:00Z", serving("2"), champion("2")));
    prod.log.add(of("3", "2026-03-03T10:00:00Z", champion("3")));
    prod.log.add(of("4", "2026-03-04T10:00:00Z", champion("4")));

    LiveThen then = then("2026-03-05T10:00:00Z");

    assertThat(then.things()).extracting(LiveState::thing).containsExactly("serve", "champion");
    assertThat(then.things().getFirst().text())
        .isEqualTo(
            "endpoint churn with version 2, as it was left at 2026-03-02T10:00:00Z: version 4 went"
                + " live without changing it");
    assertThat(text(history(new HistoryOrder("churn", "prod", 20, at("2026-03-05T10:00:00Z")))))
        .contains("serve: endpoint churn with version 2, as it was left at 2026-03-02T10:00:00Z");
    assertThat(then("2026-03-02T10:00:00Z").things().getFirst().text())
        .isEqualTo("endpoint churn with version 2");
  }

  @Test
  void ofAnEndpointThatARollbackRemovedNothingStayed() {
    prod.log.add(of("1", "2026-03-01T10:00:00Z", serving("1"), champion("1")));
    LiveState none = new LiveState("serve", false, null, "nothing", Map.of(), null);
    prod.log.add(of("0", "2026-03-02T10:00:00Z", none, champion("0")));
    prod.log.add(of("3", "2026-03-03T10:00:00Z", champion("3")));

    assertThat(then("2026-03-05T10:00:00Z").things())
        .extracting(LiveState::thing)
        .containsExactly("champion");
  }

  private static LiveState serving(String version) {
    return new LiveState(
        "serve", true, version, "endpoint churn with version " + version, Map.of(), null);
  }

  private static LiveState champion(String version) {
    return new LiveState("champion", true, version, "version " + version, Map.of(), null);
  }

  private static HistoryEvent of(String version, String at, LiveState... live) {
    HistoryEvent event = release("prod", version, at, null);
    return HistoryEvent.of(event.id(), event.kind(), "prod", "churn", event.at(), "dev@example.com")
        .release(
            Release.of("promotion/churn/" + version, "prod", "churn", version, DIGEST, at(at))
                .states(List.of(live), null)
                .build())
        .build();
  }

  private static String text(HistoryView view) {
    return MarkdownPage.of(HistoryText.full(view), Instant::toString).replace("`", "");
  }

  private LiveThen then(String time) {
    return history(new HistoryOrder("churn", "prod", 20, at(time))).live().getFirst();
  }

  private boolean served;

  private HistoryView history(HistoryOrder order) {
    if (!served) {
      served = true;
      serve(Map.of("dev", dev, "prod", prod));
    }
    return ask(order);
  }

  private HistoryView ask(HistoryOrder order) {
    return environment
        .getWorkflowClient()
        .newWorkflowStub(
            HistoryWorkflow.class,
            WorkflowOptions.newBuilder().setTaskQueue(Queues.PORTAGE).build())
        .history(order);
  }

  private void serve(Map<String, ? extends HistoryActivities> books) {
    environment
        .newWorker(Queues.PORTAGE)
        .registerWorkflowImplementationFactory(
            HistoryWorkflow.class, () -> new HistoryWorkflowImpl(ShortCalls.calls()));
    PlatformActivities platform = KnownWorkspaces.of("dev", "prod");
    QueueActivities queues = queue -> Pollers.NONE;
    environment
        .getWorkerFactory()
        .getWorker(Queues.PORTAGE)
        .registerActivitiesImplementations(platform, queues);
    books.forEach((name, kept) -> {
      Worker worker = environment.newWorker(Queues.of(name));
      worker.registerActivitiesImplementations(kept);
      if (kept instanceof Books all) {
        worker.registerActivitiesImplementations(all.clearance);
      }
    });
    environment.start();
  }

  private static HistoryEvent release(
      String workspace, String version, String at, @Nullable String replaced) {
    String promotion = "promotion/churn/" + version;
    return HistoryEvent.of(
            HistoryEvent.idOf(HistoryKind.RELEASE, workspace, promotion),
            HistoryKind.RELEASE,
            workspace,
            "churn",
            at(at),
            "dev@example.com")
        .workflow(promotion)
        .release(
            Release.of(promotion, workspace, "churn", version, DIGEST, at(at))
                .previousVersion(replaced)
                .job(11L, "scoring")
                .build())
        .build();
  }

  private static Instant at(String time) {
    return Instant.parse(time);
  }

  /** What one workspace has recorded. */
  private static final class Books implements HistoryActivities {
    final String workspace;
    final List<HistoryEvent> log = new ArrayList<>();
    final ClearanceRecords clearance = new ClearanceRecords();
    @Nullable RuntimeException failure;

    Books(String workspace) {
      this.workspace = workspace;
    }

    @Override
    public HistoryEvent appendEvent(HistoryEvent event) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HistoryPage readHistory(HistoryQuery query) {
      if (failure != null) {
        throw failure;
      }
      assertThat(query.workspace()).isEqualTo(workspace);
      List<HistoryEvent> events =
          log.stream()
              .filter(event -> query.includes(event.at()))
              .sorted(HistoryEvent.NEWEST_FIRST)
              .toList();
      return new HistoryPage(
          events.subList(0, Math.min(query.limit(), events.size())),
          events.size() > query.limit(),
          List.of());
    }

    @Override
    public ReleaseAt releaseAt(ReleaseAtQuery query) {
      if (failure != null) {
        throw failure;
      }
      List<HistoryEvent> releases =
          log.stream().filter(HistoryEvent::hasRelease).sorted(HistoryEvent.NEWEST_FIRST).toList();
      HistoryEvent last = releases.stream().filter(query::isAnsweredBy).findFirst().orElse(null);
      return new ReleaseAt(
          last,
          last != null || releases.isEmpty() ? null : releases.getLast(),
          List.of(),
          last == null
              ? null
              : ReleaseAt.stayed(
                  last, releases.subList(releases.indexOf(last) + 1, releases.size())));
    }
  }
}
