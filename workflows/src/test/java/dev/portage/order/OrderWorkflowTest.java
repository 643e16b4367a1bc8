package dev.portage.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.clearance.ClearanceRecords;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.freeze.HoldOrder;
import dev.portage.preflight.KnownWorkspaces;
import dev.portage.preflight.PlatformActivities;
import dev.portage.preflight.QueueActivities;
import dev.portage.preflight.ShortCalls;
import dev.portage.quarantine.Quarantined;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.Pollers;
import dev.portage.temporal.Queues;
import dev.portage.temporal.TestTemporal;
import dev.portage.text.MarkdownPage;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code portage freeze}, {@code unfreeze} and {@code lift} start. */
class OrderWorkflowTest {

  private static final Instant UNTIL = Instant.parse("2999-12-31T18:00:00Z");
  private static final String ANA = "ana@example.com";
  private static final String COMMIT = "c0ffee".repeat(6) + "c0ff";

  @AutoClose private final TestWorkflowEnvironment environment = TestTemporal.skippingTime();

  private final ClearanceRecords dev = new ClearanceRecords();
  private final ClearanceRecords prod = new ClearanceRecords();

  @Test
  void aWorkspaceIsFrozenFromNowOnAndTheOthersAreNot() {
    OrderView view = order(WorkspaceOrder.freeze("prod", UNTIL, ANA, "the end of the year"));

    assertThat(view.problem()).isNull();
    assertThat(view.workspaces())
        .singleElement()
        .satisfies(answer -> {
          assertThat(answer.changed()).isTrue();
          assertThat(answer.text())
              .isEqualTo("prod is frozen until " + UNTIL + " by " + ANA + ": the end of the year");
        });
    assertThat(prod.freezes)
        .singleElement()
        .satisfies(freeze -> assertThat(freeze.at()).isNotNull());
    assertThat(dev.freezes).isEmpty();
    assertThat(text(view)).contains("freeze prod until").contains("ordered by ana@example.com");
  }

  @Test
  void theSameOrderedAgainIsOneFreezeUntilThatHasEnded() {
    WorkspaceOrder order = WorkspaceOrder.freeze("prod", UNTIL, ANA, "the end of the year");
    order(order);

    OrderView again = order(order);
    assertThat(prod.freezes).hasSize(1);
    assertThat(again.problem()).isNull();
    assertThat(again.workspaces().getFirst().changed()).isFalse();
    assertThat(again.workspaces().getFirst().text()).endsWith(", as ordered before");

    order(WorkspaceOrder.unfreeze("prod", ANA, "over early"));
    assertThat(order(order).workspaces().getFirst().changed()).isTrue();
    assertThat(prod.freezes).hasSize(2);
  }

  @Test
  void allWorkspacesAreFrozenAndTheOneThatDoesNotAnswerIsSaid() {
    serve(Map.of("prod", prod));

    OrderView view = order(WorkspaceOrder.freeze(null, UNTIL, ANA, "the end of the year"));

    assertThat(view.problem()).isNull();
    assertThat(view.workspaces()).extracting(OrderAnswer::workspace).containsExactly("dev", "prod");
    assertThat(view.workspaces()).extracting(OrderAnswer::changed).containsExactly(false, true);
    assertThat(Objects.requireNonNull(view.workspaces().getFirst().problem()).cameBack())
        .isEqualTo("no worker polls task queue portage/dev");
    assertThat(text(view)).contains("dev: not done: no worker polls");
  }

  @Test
  void aFreezeWithoutATimeToComeOrAReasonIsRefused() {
    assertThat(problem(order(WorkspaceOrder.freeze("prod", Instant.EPOCH, ANA, "why"))).cameBack())
        .contains("1970-01-01T00:00:00Z is in the past");
    assertThat(problem(order(WorkspaceOrder.freeze("prod", UNTIL, ANA, " "))).cameBack())
        .contains("who orders it and why");
    assertThat(
            problem(
                    order(
                        new WorkspaceOrder(OrderKind.FREEZE, "prod", null, null, null, ANA, "why")))
                .cameBack())
        .contains("until when");
    assertThat(prod.freezes).isEmpty();
  }

  @Test
  void anUnknownWorkspaceIsAnsweredWithTheKnownOnes() {
    Problem problem = problem(order(WorkspaceOrder.freeze("prdo", UNTIL, ANA, "why")));
    assertThat(problem.kind()).isEqualTo(FailureKind.USER);
    assertThat(problem.cameBack()).contains("did you mean \"prod\"?");
    assertThat(problem.remedy()).contains("or all: dev, prod");
    assertThat(problem(order(WorkspaceOrder.lift("churn", "4", "prdo", ANA, "why"))).remedy())
        .contains("dev, prod")
        .contains("leave --workspace out")
        .as("no word of lift")
        .doesNotContain("or all:");
  }

  @Test
  void unfreezingEndsWhatWasOrderedAndSaysWhatItWas() {
    order(WorkspaceOrder.freeze("prod", UNTIL, ANA, "the end of the year"));
    order(WorkspaceOrder.freeze("prod", UNTIL.plusSeconds(60), ANA, "and a bit"));

    OrderView view = order(WorkspaceOrder.unfreeze("prod", "ben@example.com", "over early"));

    assertThat(view.problem()).isNull();
    assertThat(view.workspaces().getFirst().freezes())
        .hasSize(2)
        .allSatisfy(freeze ->
            assertThat(Objects.requireNonNull(freeze.lifted()).reason()).isEqualTo("over early"));
    assertThat(view.workspaces().getFirst().text())
        .contains("ended in prod: the freeze until " + UNTIL)
        .contains("(and a bit)")
        .endsWith("promotions that wait continue now");
  }

  @Test
  void whatIsNotFrozenCanNotBeUnfrozen() {
    assertThat(problem(order(WorkspaceOrder.unfreeze("prod", ANA, "over"))).cameBack())
        .isEqualTo("it is not frozen");
    assertThat(problem(order(WorkspaceOrder.unfreeze(null, ANA, "over"))).cameBack())
        .isEqualTo("no workspace is frozen");
    order(WorkspaceOrder.freeze("prod", UNTIL, ANA, "the end of the year"));
    OrderView view = order(WorkspaceOrder.unfreeze(null, ANA, "over"));
    assertThat(view.problem()).as("one was").isNull();
    assertThat(text(view)).contains("dev was not frozen");
  }

  @Test
  @Tag("S2.35")
  void aModelThatIsHeldIsLetGoByItsNameAndTheWorkspaceStaysFrozen() {
    hold(prod, "churn");
    hold(prod, "fraud");
    order(WorkspaceOrder.freeze("prod", UNTIL, ANA, "the end of the year"));

    OrderView view = order(WorkspaceOrder.unfreeze("churn", "ben@example.com", "table fixed"));

    assertThat(view.problem()).isNull();
    assertThat(text(view))
        .contains("unfreeze model churn")
        .contains("churn was not held in dev")
        .contains("let go of churn in prod, held since " + Instant.EPOCH + " by watch/prod/churn/3")
        .contains("prod is frozen until " + UNTIL);
    assertThat(prod.freezes)
        .filteredOn(freeze -> freeze.lifted() == null)
        .extracting(Freeze::model)
        .containsExactly("fraud", null);
    assertThat(problem(order(WorkspaceOrder.unfreeze("churn", ANA, "again"))).cameBack())
        .contains("no model of that name is held there, and the workspaces are dev, prod");
  }

  @Test
  void whatEndsTheFreezesOfWorkspacesLetsGoOfNoModel() {
    hold(prod, "churn");
    order(WorkspaceOrder.freeze("prod", UNTIL, ANA, "the end of the year"));

    order(WorkspaceOrder.unfreeze(null, ANA, "over"));

    assertThat(prod.freezes)
        .filteredOn(freeze -> freeze.lifted() == null)
        .extracting(Freeze::model)
        .containsExactly("churn");
  }

  @Test
  void aNameOfBothIsTheWorkspacesAndTheModelIsSaid() {
    hold(prod, "prod");
    order(WorkspaceOrder.freeze("prod", UNTIL, ANA, "the end of the year"));

    OrderView view = order(WorkspaceOrder.unfreeze("prod", ANA, "over"));

    assertThat(view.problem()).isNull();
    assertThat(view.workspaces().getFirst().notes())
        .singleElement()
        .asString()
        .contains("promotions of prod to prod are held since")
        .contains("That is the model of this name")
        .contains("portage unfreeze --model prod --reason TEXT");
    assertThat(prod.freezes).filteredOn(freeze -> freeze.lifted() == null).hasSize(1);

    assertThat(order(WorkspaceOrder.letGo("prod", "prod", ANA, "found it")).problem()).isNull();
    assertThat(prod.freezes).allMatch(freeze -> freeze.lifted() != null);
  }

  @Test
  void aModelIsLetGoOnlyInTheWorkspaceThatIsNamed() {
    hold(dev, "churn");
    hold(prod, "churn");

    order(WorkspaceOrder.letGo("churn", "dev", ANA, "found it"));

    assertThat(dev.freezes).allMatch(freeze -> freeze.lifted() != null);
    assertThat(prod.freezes).allMatch(freeze -> freeze.lifted() == null);
    assertThat(problem(order(WorkspaceOrder.letGo("churn", "prdo", ANA, "why"))).cameBack())
        .contains("did you mean \"prod\"?");
  }

  private void hold(ClearanceRecords where, String model) {
    where.hold(
        new HoldOrder(
            model,
            where == dev ? "dev" : "prod",
            model,
            model,
            "watch/prod/" + model + "/3",
            "version 3 broke a limit",
            Instant.EPOCH));
  }

  @Test
  void aWorkspaceThatThePlatformFileLacksIsSaidToBeLackingThere() {
    Problem none = problem(order(WorkspaceOrder.freeze("prodd", UNTIL, ANA, "year end")));

    assertThat(none.message())
        .startsWith("freeze prodd failed in platform file: it has no workspace prodd")
        .contains("did you mean \"prod\"?");
  }

  @Test
  void aFreezeOfThePlatformFileIsEndedThere() {
    prod.planned.add(
        new Freeze(
            "file/1", "prod", Instant.EPOCH, UNTIL, "portage.yaml:31", "quarter end", null, null));

    Problem only =
        Objects.requireNonNull(
            order(WorkspaceOrder.unfreeze("prod", ANA, "over")).workspaces().getFirst().problem());
    assertThat(only.cameBack()).contains("by portage.yaml:31: quarter end");
    assertThat(only.remedy()).contains("remove its entry at portage.yaml:31");

    order(WorkspaceOrder.freeze("prod", UNTIL, ANA, "the end of the year"));
    OrderAnswer both = order(WorkspaceOrder.unfreeze("prod", ANA, "over")).workspaces().getFirst();
    assertThat(both.changed()).isTrue();
    assertThat(Objects.requireNonNull(both.problem()).cameBack())
        .contains("ended in prod: the freeze")
        .contains("but prod is frozen until " + UNTIL + " by portage.yaml:31");
  }

  @Test
  void otherFreezesAreToldBesideTheOrderedOneAndOfManyTheFirst() {
    for (int i = 0; i < 8; i++) {
      prod.planned.add(
          new Freeze(
              "file/" + i,
              "prod",
              UNTIL.plusSeconds(i),
              UNTIL.plusSeconds(60),
              "portage.yaml:" + i,
              "quarter end",
              null,
              null));
    }

    OrderAnswer frozen =
        order(WorkspaceOrder.freeze("prod", UNTIL, ANA, "the end of the year"))
            .workspaces()
            .getFirst();
    assertThat(frozen.notes()).hasSize(6).last().isEqualTo("and 3 more freezes");
    assertThat(frozen.notes().getFirst())
        .startsWith("another freeze of prod: from " + UNTIL)
        .contains("by portage.yaml:0: quarter end");
    OrderAnswer ended = order(WorkspaceOrder.unfreeze("prod", ANA, "over")).workspaces().getFirst();
    assertThat(ended.problem()).as("those to come don't hold").isNull();
    assertThat(ended.notes()).hasSize(6);
  }

  @Test
  void aCandidateIsLiftedWhereverItIsRefused() {
    dev.entries.add(entry("dev", "d1".repeat(32), COMMIT, "9"));
    prod.entries.add(entry("prod", "d1".repeat(32), COMMIT, "4"));

    OrderView view = order(WorkspaceOrder.lift("churn", "C0FFEEC", null, ANA, "fixed"));

    assertThat(view.problem()).isNull();
    assertThat(view.workspaces()).allSatisfy(answer -> assertThat(answer.changed()).isTrue());
    assertThat(dev.entries).noneMatch(Quarantined::inForce);
    assertThat(prod.entries).noneMatch(Quarantined::inForce);
    prod.entries.add(entry("prod", "d2".repeat(32), null, "5"));
    Problem again = problem(order(WorkspaceOrder.lift("churn", "C0FFEEC", null, ANA, "fixed")));
    assertThat(again.cameBack()).contains("it was lifted before", "by " + ANA, ": fixed");
    assertThat(again.remedy())
        .as("another candidate is refused, but nobody means that one")
        .doesNotContain("Name one");
  }

  @Test
  void aVersionIsEnoughWhereItNamesOneCandidate() {
    prod.entries.add(entry("prod", "d1".repeat(32), COMMIT, "4"));
    prod.entries.add(entry("prod", "d2".repeat(32), null, "5"));

    OrderView view = order(WorkspaceOrder.lift("churn", "v5", null, ANA, "fixed"));

    assertThat(view.workspaces().getFirst().text())
        .isEqualTo("not refused in dev: nothing to lift");
    assertThat(prod.entries).extracting(Quarantined::inForce).containsExactly(true, false);
  }

  @Test
  void anAmbiguousCandidateIsListedAndNothingIsLifted() {
    dev.entries.add(entry("dev", "d1".repeat(32), COMMIT, "4"));
    prod.entries.add(entry("prod", "d2".repeat(32), null, "4"));

    Problem problem = problem(order(WorkspaceOrder.lift("churn", "4", null, ANA, "fixed")));

    assertThat(problem.cameBack())
        .contains("fits several")
        .contains("c0ffeec0ffee (version 4, digest d1d1d1d1d1d1, rolled back in dev)")
        .contains("d2d2d2d2d2d2 (version 4, rolled back in prod)");
    assertThat(dev.entries).allMatch(Quarantined::inForce);
    order(WorkspaceOrder.lift("churn", "4", "prod", ANA, "fixed"));
    assertThat(prod.entries).noneMatch(Quarantined::inForce);
    assertThat(dev.entries).allMatch(Quarantined::inForce);
  }

  @Test
  void whatIsNotRefusedIsAnsweredWithWhatIs() {
    Problem none = problem(order(WorkspaceOrder.lift("churn", "4", null, ANA, "fixed")));
    assertThat(none.cameBack()).isEqualTo("no candidate of churn is in quarantine there");
    prod.entries.add(entry("prod", "d1".repeat(32), COMMIT, null));
    for (String candidate : List.of("4", "null", "vnull", "c0ffee", "0000000", "junk")) {
      assertThat(
              problem(order(WorkspaceOrder.lift("churn", candidate, null, ANA, "fixed")))
                  .cameBack())
          .contains("these are: c0ffeec0ffee (digest d1d1d1d1d1d1, rolled back in prod)");
    }
    assertThat(prod.entries).allMatch(Quarantined::inForce);
  }

  @Test
  void whereOneWorkspaceDoesNotAnswerTheOthersLift() {
    prod.entries.add(entry("prod", "d1".repeat(32), COMMIT, "4"));
    serve(Map.of("prod", prod));

    OrderView view = order(WorkspaceOrder.lift("churn", "4", null, ANA, "fixed"));

    assertThat(view.workspaces().getFirst().problem()).isNotNull();
    assertThat(prod.entries).noneMatch(Quarantined::inForce);
  }

  private static Quarantined entry(
      String workspace, String digest, @Nullable String commit, @Nullable String version) {
    return Quarantined.of(
            workspace,
            "churn",
            digest,
            Quarantined.Why.ROLLED_BACK,
            "rollback/" + workspace + "/churn/1",
            "ops@example.com",
            Instant.EPOCH)
        .commit(commit)
        .version(version)
        .reason("predicts nothing")
        .build();
  }

  private static Problem problem(OrderView view) {
    return Objects.requireNonNull(view.problem(), view::toString);
  }

  private static String text(OrderView view) {
    return MarkdownPage.of(OrderText.page(view), Instant::toString)
        .replace("`", "")
        .replace("\\", "");
  }

  private boolean served;

  /** As docs/freezes.md shows it for the Web UI and for pipelines: no class of ours is needed. */
  @Test
  void ordersAreStartedWithPlainJson() {
    serve(Map.of("dev", dev, "prod", prod));
    assertThat(
            started(
                    Map.of(
                        "kind", "FREEZE",
                        "workspace", "prod",
                        "until", "2999-12-31T17:00:00Z",
                        "by", ANA,
                        "reason", "end of the year"))
                .problem())
        .isNull();
    assertThat(prod.freezes)
        .singleElement()
        .satisfies(freeze -> assertThat(freeze.until()).isEqualTo("2999-12-31T17:00:00Z"));

    started(Map.of("kind", "UNFREEZE", "workspace", "prod", "by", ANA, "reason", "closed early"));
    assertThat(prod.freezes).allMatch(freeze -> freeze.lifted() != null);

    prod.entries.add(entry("prod", "d1".repeat(32), COMMIT, "4"));
    started(
        Map.of(
            "kind", "LIFT",
            "model", "churn",
            "candidate", COMMIT.substring(0, 8),
            "by", ANA,
            "reason", "rejected by mistake"));
    assertThat(prod.entries).noneMatch(Quarantined::inForce);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\1',
      textBlock =
          """
          {"kind":"FREEZE","workspce":"prod","until":"2027-12-31T17:00:00Z","by":"ana","reason":"why"} | has the field "workspce", which means nothing here; did you mean "workspace"?
          {"kind":"FREEZ","workspace":"prod","until":"2027-12-31T17:00:00Z","by":"ana","reason":"why"} | its kind is none of FREEZE, UNFREEZE, LIFT; did you mean "FREEZE"?
          {"workspace":"prod","by":"ana","reason":"why"} | its kind is none of FREEZE, UNFREEZE, LIFT
          {"kind":"FREEZE","workspace":"prod","until":"tomorrow","by":"ana","reason":"why"} | its "until" is no time in UTC
          {"kind":"UNFREEZE","by":"ana"} | it doesn't say who orders it and why: add "reason"
          {"kind":"UNFREEZE","workspace":["prod"],"by":"ana","reason":"why"} | a field of its input has the wrong type
          """)
  void aTypedOrderThatCannotBeReadChangesNothing(String typed, String message) throws Exception {
    serve(Map.of("dev", dev, "prod", prod));
    Object json = Payloads.mapper().readValue(typed, Object.class);
    assertThatThrownBy(() -> started(json)).hasStackTraceContaining(message);
    assertThat(dev.freezes).isEmpty();
    assertThat(prod.freezes).isEmpty();
  }

  private OrderView started(Object json) {
    WorkflowStub stub =
        environment
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                "OrderWorkflow", WorkflowOptions.newBuilder().setTaskQueue(Queues.PORTAGE).build());
    stub.start(json);
    return stub.getResult(OrderView.class);
  }

  private OrderView order(WorkspaceOrder order) {
    if (!served) {
      serve(Map.of("dev", dev, "prod", prod));
    }
    return started(order);
  }

  private void serve(Map<String, ClearanceRecords> records) {
    served = true;
    environment
        .newWorker(Queues.PORTAGE)
        .registerWorkflowImplementationFactory(
            OrderWorkflow.class, () -> new OrderWorkflowImpl(ShortCalls.calls()));
    PlatformActivities platform = KnownWorkspaces.of("dev", "prod");
    QueueActivities queues = queue -> Pollers.NONE;
    environment
        .getWorkerFactory()
        .getWorker(Queues.PORTAGE)
        .registerActivitiesImplementations(platform, queues);
    records.forEach((name, kept) ->
        environment.newWorker(Queues.of(name)).registerActivitiesImplementations(kept));
    environment.start();
  }
}
