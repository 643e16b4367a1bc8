package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.Receipt;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.notice.Notice;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeOrder;
import dev.portage.notice.NoticeReceiver;
import dev.portage.notice.NoticeReport;
import dev.portage.notice.NoticeStart;
import dev.portage.notice.NoticeWorkflow;
import dev.portage.text.DetailsPage;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people and systems are told of a promotion, and what holds nothing up. */
class NoticesTest {

  private static final NoticeReceiver TEAM =
      new NoticeReceiver("team", List.of(NoticeKind.values()));

  private final PromotionEngine engine = new PromotionEngine();

  @BeforeEach
  void tellTheTeam() {
    engine.world.withBatch = false;
    engine.world.receivers = List.of(TEAM);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void peopleAreToldThatTheyAreAskedWhatWasDecidedAndThatItIsLive() {
    WorkflowStub promotion = waiting();
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    promotion.getResult(PromotionView.class);

    until(() -> told().contains("released"));
    assertThat(told()).containsExactly("asked", "decided", "released");
    Notice asked = notice("asked");
    assertThat(asked.id()).isEqualTo("promotion/diabetes/0123456789ab/asked/prod-1");
    assertThat(Objects.requireNonNull(asked.request()).missing()).isEqualTo("one of model-owners");
    assertThat(Objects.requireNonNull(asked.request()).gates()).isNotEmpty();
    assertThat(asked.next())
        .isEqualTo("portage approve promotion/diabetes/0123456789ab --request prod-1");
    assertThat(notice("decided").decisions()).extracting("by").containsExactly("ana@example.com");
    assertThat(notice("decided").state()).isEqualTo("RUNNING");
    assertThat(notice("decided").next()).isNull();
    assertThat(notice("released").live()).hasSize(1);
    assertThat(notice("released").state()).isEqualTo("RELEASED");
  }

  @Test
  void aStepThatFailedIsToldWithWhatToDo() {
    engine.world.failNext("copy", FakeWorld.userFault("no space"));
    WorkflowStub promotion = waiting();
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);

    until(() -> told().contains("stopped"));
    Notice stopped = notice("stopped");
    assertThat(stopped.id()).endsWith("/stopped/stop-1");
    Notice.Trouble problem = Objects.requireNonNull(stopped.problem());
    assertThat(problem.cameBack()).isEqualTo("no space");
    assertThat(problem.remedy()).isEqualTo("fix it");
    assertThat(stopped.next()).startsWith("portage resume ");
  }

  @Test
  void aRejectionAndItsEndAreOneNotice() {
    WorkflowStub promotion = waiting();
    promotion.update("reject", Receipt.class, by("ana@example.com", "prod-1"));
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class));

    until(() -> told().contains("decided"));
    assertThat(told()).containsExactly("asked", "decided");
    assertThat(notice("decided").state()).isEqualTo("REJECTED");
    assertThat(notice("decided").decisions()).extracting("verdict").containsExactly("reject");
  }

  @Test
  void peopleAreRemindedAtHalfOfTheTimeAndADayBeforeItEndsThenToldThatItHasExpired() {
    WorkflowStub promotion = waiting();
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class));

    until(() -> told().contains("expired"));
    assertThat(told()).containsExactly("asked", "reminded", "reminded", "expired");
    List<Notice> reminders = notices("reminded");
    Notice asked = notice("asked");
    assertThat(Duration.between(asked.at(), reminders.getFirst().at()))
        .isBetween(Duration.ofDays(7), Duration.ofDays(7).plusMinutes(5));
    assertThat(Duration.between(asked.at(), reminders.getLast().at()))
        .isBetween(Duration.ofDays(13), Duration.ofDays(13).plusMinutes(5));
    assertThat(reminders).extracting(Notice::id).doesNotHaveDuplicates();
  }

  @Test
  void whoIsRejectedByTheGatesIsToldSoAndSeesTheEvidence() {
    engine.world.metrics = Map.of("rmse", 99.0);
    WorkflowStub promotion = engine.start();
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class));

    until(() -> told().contains("rejected"));
    assertThat(told()).containsExactly("rejected");
    assertThat(DetailsPage.of(PromotionPage.details(PromotionEngine.status(promotion))))
        .contains("### Evidence: fail")
        .contains("rmse");
  }

  @Test
  void aReceiverThatIsAwayHoldsNothingUpAndIsListedUntilItIsReached() {
    engine.world.refuse("deliver", away());
    WorkflowStub promotion = waiting();
    engine.environment.sleep(Duration.ofMinutes(6));
    until(() -> !PromotionEngine.status(promotion).undeliveredNotices().isEmpty());
    assertThat(PromotionEngine.status(promotion).undeliveredNotices())
        .singleElement()
        .asString()
        .startsWith("team was not notified (asked/prod-1); retried until ")
        .contains("no connection");

    engine.world.allow("deliver");
    engine.environment.sleep(Duration.ofMinutes(20));
    until(() -> PromotionEngine.status(promotion).undeliveredNotices().isEmpty());
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void aReceiverThatIsGoneIsNotTriedAgainAndThePageSaysSo() {
    engine.world.refuse(
        "deliver",
        Failures.of(
            Problem.of(
                FailureKind.USER, "notify team", "receiver team", "410", "create it again")));
    WorkflowStub promotion = waiting();
    until(() -> !PromotionEngine.status(promotion).undeliveredNotices().isEmpty());
    PromotionView view = PromotionEngine.status(promotion);
    assertThat(view.undeliveredNotices())
        .singleElement()
        .asString()
        .startsWith("team was not notified (asked/prod-1): ")
        .doesNotContain("retried")
        .contains("create it again");
    assertThat(DetailsPage.of(PromotionPage.details(view))).contains("Notices that did not arrive");
  }

  @Test
  void aReceiverThatAsksForAPauseOfDaysIsGivenUpAndThePageSaysSo() {
    engine.world.refuse(
        "deliver",
        Failures.of(
            Problem.of(
                FailureKind.PLATFORM, "notify team", "receiver team", "429", "retried later"),
            Duration.ofDays(30)));
    WorkflowStub promotion = waiting();
    until(() -> !PromotionEngine.status(promotion).undeliveredNotices().isEmpty());
    assertThat(PromotionEngine.status(promotion).undeliveredNotices())
        .singleElement()
        .asString()
        .contains("(asked/prod-1): it asked for a pause longer than", "429");
  }

  @Test
  void aNoticeThatCouldNotBeDeliveredAtTheEndIsDeliveredAfterwards() {
    WorkflowStub promotion = waiting();
    until(() -> told().contains("asked"));
    engine.world.refuse("deliver", away());
    promotion.update("reject", Receipt.class, by("ana@example.com", "prod-1"));
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class));
    assertThat(told()).doesNotContain("decided");

    engine.world.allow("deliver");
    assertThat(
            engine
                .workflow(NoticeWorkflow.idOf("promotion/diabetes/0123456789ab/decided/prod-1"))
                .getResult(NoticeReport[].class))
        .hasSize(1);
    assertThat(told()).contains("decided");
  }

  @Test
  void aRepeatedAttemptHasTheSameId() {
    engine.world.loseNextAnswer("deliver");
    waiting();
    engine.environment.sleep(Duration.ofMinutes(10));
    until(() -> engine.world.delivered.size() == 2);
    assertThat(engine.world.delivered)
        .extracting(order -> order.notice().id())
        .containsOnly("promotion/diabetes/0123456789ab/asked/prod-1");
  }

  @Test
  void aReceiverHearsOnlyWhatItAskedFor() {
    engine.world.receivers =
        List.of(
            new NoticeReceiver("asks", List.of(NoticeKind.ASKED)),
            new NoticeReceiver("ends", List.of(NoticeKind.RELEASED, NoticeKind.CANCELLED)));
    WorkflowStub promotion = waiting();
    promotion.cancel();
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class));
    until(() -> told().size() == 2);
    assertThat(engine.world.delivered)
        .extracting(order -> order.receiver() + " " + order.notice().kind().word())
        .containsExactly("asks asked", "ends cancelled");
  }

  @Test
  void whatStopsBeforeSettingsAreKnownIsToldToo() {
    engine.world.failNext("settings", FakeWorld.userFault("line 3 is wrong"));
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.STOPPED);
    until(() -> told().contains("stopped"));
    assertThat(notice("stopped").problem()).extracting("cameBack").isEqualTo("line 3 is wrong");
  }

  @Test
  void aPromotionThatWasResetAndAsksUnderTheSameNameTellsUnderAnIdOfItsOwn() {
    String asked = "promotion/diabetes/0123456789ab/asked/prod-1";
    anEarlierRunTold(asked);
    engine.world.refuse("deliver", away());

    WorkflowStub promotion = waiting();
    engine.environment.sleep(Duration.ofMinutes(6));
    until(() -> !PromotionEngine.status(promotion).undeliveredNotices().isEmpty());
    assertThat(PromotionEngine.status(promotion).undeliveredNotices())
        .singleElement()
        .asString()
        .startsWith("team was not notified (asked/prod-1/");

    engine.world.allow("deliver");
    until(() -> told().size() == 2);
    assertThat(notices("asked").getLast().id()).matches(asked + "/[0-9a-f-]{36}");
  }

  /** The test server resets nothing, so what such a run has left behind is made. */
  private void anEarlierRunTold(String id) {
    Notice notice =
        Notice.of(
                id,
                NoticeKind.ASKED,
                Instant.EPOCH,
                "promotion/diabetes/0123456789ab",
                "an-earlier-run",
                "diabetes",
                "WAITING",
                "sam@example.com")
            .build();
    WorkflowStub earlier = engine.workflow("NoticeWorkflow", NoticeWorkflow.idOf(id));
    earlier.start(new NoticeStart(notice, List.of("team")));
    earlier.getResult(NoticeReport[].class);
  }

  @Test
  void beforeSettingsAreKnownReceiversAreFoundByEitherNameOfTheModel() {
    engine.world.failNext("settings", FakeWorld.userFault("line 3 is wrong"));
    engine.start(
        PromotionStart.of("diabetes", "0123456789ab")
            .file(
                "promotion.yaml",
                "model: diabetes\nregistered-as: pd-risk\ngate: {}\n",
                "f".repeat(64))
            .startedBy("sam@example.com")
            .build());

    until(() -> told().contains("stopped"));
    assertThat(engine.world.effects).contains("receivers of diabetes or pd-risk");
  }

  @Test
  void aForgedReportIsRefused() {
    WorkflowStub promotion = waiting();
    promotion.signal(
        NoticeReport.SIGNAL, new NoticeReport("promotion/other/asked", "team", "lies", null));
    promotion.signal(
        NoticeReport.SIGNAL,
        new NoticeReport(
            "promotion/diabetes/0123456789ab/asked/prod-1", "a stranger", "lies", null));
    until(() -> PromotionEngine.status(promotion).refused().size() == 2);
    assertThat(PromotionEngine.status(promotion).undeliveredNotices()).isEmpty();
  }

  private void until(BooleanSupplier so) {
    Instant end = Instant.now().plusSeconds(30);
    while (!so.getAsBoolean()) {
      assertThat(Instant.now()).as("told: " + told()).isBefore(end);
      engine.environment.sleep(Duration.ofMillis(100));
    }
  }

  private WorkflowStub waiting() {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    return promotion;
  }

  private List<String> told() {
    return engine.world.delivered.stream().map(order -> order.notice().kind().word()).toList();
  }

  private Notice notice(String kind) {
    return notices(kind).getFirst();
  }

  private List<Notice> notices(String kind) {
    return engine.world.delivered.stream()
        .map(NoticeOrder::notice)
        .filter(notice -> notice.kind().word().equals(kind))
        .toList();
  }

  private static RuntimeException away() {
    return Failures.of(
        Problem.of(
            FailureKind.PLATFORM,
            "notify team",
            "receiver team",
            "no connection",
            "it is retried"));
  }
}
