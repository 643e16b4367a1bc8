package dev.portage.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.clearance.Clearance;
import dev.portage.freeze.Freeze;
import dev.portage.freeze.FreezeOrder;
import dev.portage.freeze.HoldOrder;
import dev.portage.freeze.UnfreezeOrder;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.quarantine.LiftOrder;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Refused candidates and freezes, kept in the workspace. */
class WorkspaceRecordsTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final String DIGEST = "d1".repeat(32);
  private static final String COMMIT = "c0ffee".repeat(6) + "c0ff";

  @AutoClose private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  @AutoClose private final FakeMlflow dev = new FakeMlflow(http, "dev", true);
  private final WorkspaceQuarantine quarantine = new WorkspaceQuarantine(FakeServers.of(dev));

  @Test
  void aRefusedCandidateIsFoundByDigestAndByCommitUntilItIsLifted() {
    assertThat(quarantine.quarantined(by(DIGEST, null))).isEmpty();
    Quarantined entry = quarantine.quarantine(order());
    assertThat(quarantine.quarantine(order())).as("the same twice is one").isEqualTo(entry);

    assertThat(quarantine.quarantined(by(DIGEST, null))).contains(entry);
    assertThat(quarantine.quarantined(by(null, COMMIT))).contains(entry);
    assertThat(quarantine.quarantined(by("0".repeat(64), "0".repeat(40)))).isEmpty();
    assertThat(quarantine.quarantined(new QuarantineQuery("dev", "other", DIGEST, null))).isEmpty();

    List<Quarantined> lifted = quarantine.lift(lift(COMMIT.substring(0, 12)));
    assertThat(lifted).singleElement().satisfies(one -> assertThat(one.inForce()).isFalse());
    assertThat(quarantine.quarantined(by(DIGEST, COMMIT))).isEmpty();
    assertThat(quarantine.quarantines(QuarantineQuery.all("dev", "churn"))).isEqualTo(lifted);
    quarantine.quarantine(order());
    assertThat(quarantine.quarantined(by(DIGEST, COMMIT))).as("a late duplicate").isEmpty();
  }

  /** The server works on the first call long after its caller has gone, and lists nothing yet. */
  @Test
  void aLateDuplicateIsRemovedByTheNextAttempt() {
    dev.searchIsBehind(true);
    Quarantined entry = quarantine.quarantine(order());
    quarantine.quarantine(order());
    dev.searchIsBehind(false);
    assertThat(active()).isEqualTo(2);

    assertThat(quarantine.quarantine(order())).isEqualTo(entry);

    assertThat(active()).isEqualTo(1);
    assertThat(quarantine.quarantined(by(DIGEST, null))).contains(entry);
  }

  @Test
  void aLateDuplicateIsRemovedByTheNextRecordUnlessItWasChangedSince() {
    Quarantined lifted = quarantine.quarantine(order());
    quarantine.lift(lift(COMMIT.substring(0, 12)));
    dev.searchIsBehind(true);
    quarantine.quarantine(order());
    quarantine.quarantine(order("rollback/dev/churn/2"));
    quarantine.quarantine(order("rollback/dev/churn/2"));
    dev.searchIsBehind(false);
    assertThat(active()).isEqualTo(4);

    quarantine.quarantine(
        Quarantined.of(
                "dev",
                "churn",
                "d2".repeat(32),
                Quarantined.Why.ROLLED_BACK,
                "rollback/dev/churn/3",
                "ana@example.com",
                NOW)
            .build());

    assertThat(active()).as("that of the second is gone").isEqualTo(4);
    assertThat(quarantine.quarantines(by(lifted.digest(), null)))
        .hasSize(2)
        .filteredOn(Quarantined::inForce)
        .extracting(Quarantined::source)
        .containsExactly("rollback/dev/churn/2");
  }

  @Test
  void oneThatAppearsBetweenTheSearchAndTheCallIsRemovedAtOnce() {
    dev.before =
        request -> {
          if (request.getUrl().encodedPath().endsWith("runs/create")) {
            dev.before = _ -> null;
            quarantine.quarantine(order());
          }
          return null;
        };
    quarantine.quarantine(order());

    assertThat(active()).isEqualTo(1);
  }

  @Test
  void ofADuplicateTheLiftedOneStays() {
    Quarantined entry = quarantine.quarantine(order());
    Quarantined lifted = quarantine.lift(lift("v4")).getFirst();
    dev.searchIsBehind(true);
    quarantine.quarantine(order());
    dev.searchIsBehind(false);

    assertThat(quarantine.quarantine(order())).isEqualTo(lifted).isNotEqualTo(entry);

    assertThat(active()).isEqualTo(1);
    assertThat(quarantine.quarantined(by(DIGEST, null))).isEmpty();
  }

  private long active() {
    return dev.runs().stream()
        .filter(run -> run.path("info").path("lifecycle_stage").asText().equals("active"))
        .count();
  }

  @Test
  void whatIsNotRefusedCannotBeLifted() {
    assertThatThrownBy(() -> quarantine.lift(lift("0123456")))
        .hasMessageContaining("no candidate of churn is in quarantine there");
    quarantine.quarantine(order());
    assertThatThrownBy(() -> quarantine.lift(lift("0123456")))
        .hasMessageContaining("these are: c0ffeec0ffee");
    assertThatThrownBy(() -> quarantine.lift(lift("c0ff")))
        .as("too short to be meant")
        .hasMessageContaining("no such candidate");
    List<Quarantined> lifted = quarantine.lift(lift("v4"));
    assertThat(quarantine.lift(lift("v4"))).as("a repeat of the same order").isEqualTo(lifted);
    assertThatThrownBy(() ->
            quarantine.lift(
                new LiftOrder(
                    "dev", "churn", "4", "ben@example.com", "me too", NOW.plusSeconds(60))))
        .as("another order")
        .hasMessageContaining("it was lifted by ana@example.com");
  }

  @Test
  void aFreezeHoldsUntilItsEndOrUntilSomeoneEndsIt() {
    Instant[] now = {NOW};
    WorkspaceFreezes freezes =
        new WorkspaceFreezes(FakeServers.of(dev), name -> List.of(), () -> now[0]);
    assertThat(freezes.freezes("dev")).isEmpty();
    Freeze freeze =
        freezes.freeze(
            new FreezeOrder("f-1", "dev", NOW.plusSeconds(60), "ana@example.com", "audit", NOW));
    assertThat(freezes.freezes("dev")).containsExactly(freeze);
    now[0] = NOW.plusSeconds(60);
    assertThat(freezes.freezes("dev")).as("it is over").isEmpty();
    now[0] = NOW;
    UnfreezeOrder end = new UnfreezeOrder("dev", "ben@example.com", "done", NOW.plusSeconds(5));
    assertThat(freezes.unfreeze(end)).hasSize(1);
    assertThat(freezes.unfreeze(end)).as("a repeat of the same order").hasSize(1);
    assertThat(freezes.freezes("dev")).isEmpty();
    assertThat(freezes.allFreezes("dev"))
        .singleElement()
        .satisfies(past -> assertThat(past.lifted()).isNotNull());
  }

  @Test
  @Tag("S2.35")
  void aModelIsHeldOnceUntilSomeoneLetsGoAndNoOtherModelIs() {
    WorkspaceFreezes freezes =
        new WorkspaceFreezes(FakeServers.of(dev), name -> List.of(), () -> NOW);
    HoldOrder order =
        new HoldOrder("run-1", "dev", "ml.churn", "churn", "watch/dev/churn/3", "slow", NOW);
    Freeze held = freezes.hold(order);

    assertThat(freezes.hold(order)).as("the same order twice").isEqualTo(held);
    assertThat(freezes.freezes("dev")).containsExactly(held);
    assertThat(held.concerns("ml.churn")).isTrue();
    assertThat(held.concerns("ml.fraud")).isFalse();
    assertThat(held.holdsAt(NOW.plus(Duration.ofDays(10_000)))).isTrue();
    assertThat(freezes.unfreeze(new UnfreezeOrder("dev", "ben@example.com", "over", NOW)))
        .as("the workspace's own")
        .isEmpty();
    assertThat(clearanceOf(freezes, "ml.churn").freezes()).containsExactly(held);
    assertThat(clearanceOf(freezes, "ml.fraud").freezes()).isEmpty();
    UnfreezeOrder letGo = new UnfreezeOrder("dev", "ben@example.com", "found", NOW, "ml.churn");
    assertThat(freezes.unfreeze(letGo)).hasSize(1);
    assertThat(freezes.unfreeze(letGo)).as("a repeat of the same order").hasSize(1);
    assertThat(freezes.freezes("dev")).isEmpty();
  }

  private Clearance clearanceOf(WorkspaceFreezes freezes, String model) {
    return new WorkspaceClearance(quarantine, freezes).clearance(QuarantineQuery.all("dev", model));
  }

  @Test
  void whatIsRefusedAlreadyIsNotRefusedOnceMoreUntilItIsLifted() {
    Quarantined first = quarantine.quarantine(order());

    assertThat(quarantine.quarantine(order("rollback/dev/churn/2"))).isEqualTo(first);

    assertThat(active()).isEqualTo(1);
    quarantine.lift(lift("v4"));
    assertThat(quarantine.quarantine(order("rollback/dev/churn/3")).source())
        .isEqualTo("rollback/dev/churn/3");
  }

  private static Quarantined order() {
    return order("rollback/dev/churn/1");
  }

  private static Quarantined order(String source) {
    return Quarantined.of(
            "dev", "churn", DIGEST, Quarantined.Why.ROLLED_BACK, source, "ana@example.com", NOW)
        .commit(COMMIT)
        .version("4")
        .reason("all zeros")
        .build();
  }

  private static QuarantineQuery by(@Nullable String digest, @Nullable String commit) {
    return new QuarantineQuery("dev", "churn", digest, commit);
  }

  private static LiftOrder lift(String candidate) {
    return new LiftOrder("dev", "churn", candidate, "ana@example.com", "retrained", NOW);
  }
}
