package dev.portage.promotion;

import dev.portage.approval.Decision;
import dev.portage.approval.Request;
import dev.portage.candidate.Candidate;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.lane.Grant;
import dev.portage.live.LiveChange;
import dev.portage.live.LiveThing;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionLabels;
import dev.portage.release.FollowUp;
import dev.portage.release.LiveVersion;
import dev.portage.release.Proof;
import dev.portage.release.Release;
import dev.portage.release.ReleaseOrder;
import dev.portage.release.WentLive;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.Station;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Step {@code release}: labels the version and records the release. */
final class Releasing {

  private final Journey journey;
  private final Candidate candidate;
  private final Station target;
  private final Hop.Arrived arrived;
  private final String step;

  Releasing(Journey journey, Candidate candidate, Station target, Hop.Arrived arrived) {
    this.journey = journey;
    this.candidate = candidate;
    this.target = target;
    this.arrived = arrived;
    this.step = StepNames.hop(target, "release");
  }

  /**
   * Notes that it is live. From here on every ending says so.
   *
   * @param things those that the hop changed, in order
   * @param changes what became of each, likewise
   * @param order when readers saw it in each place; null when unknown
   */
  Release isLive(List<LiveThing> things, List<LiveChange> changes, @Nullable List<WentLive> order) {
    Release.Builder release =
        Release.of(
                journey.id(),
                target.workspace(),
                target.model(),
                version(),
                candidate.manifest().digest(),
                PromotionProgress.now())
            .commit(candidate.commit())
            .decisions(decisions())
            .turn(turn())
            .order(order)
            .states(
                changes.stream().map(LiveChange::now).toList(),
                changes.stream().map(LiveChange::before).toList());
    for (LiveThing thing : things) {
      changes.stream()
          .filter(change -> change.thing().equals(thing.name()))
          .forEach(change -> thing.record(release, change));
      journey.progress().outcome().leaves(StepNames.hop(target, thing.name()), null);
    }
    Release made = release.build();
    journey.progress().outcome().release(made);
    journey.progress().outcome().leaves(target.workspace(), null);
    sayOrder(things, order);
    return made;
  }

  /** Where traffic is moved, readers may see the new version long before the champion moves. */
  private void sayOrder(List<LiveThing> things, @Nullable List<WentLive> order) {
    if (order != null && things.stream().anyMatch(LiveThing::isSeenEarly)) {
      journey
          .progress()
          .notice(
              "readers in "
                  + target.workspace()
                  + " saw version "
                  + version()
                  + " in this order: "
                  + order.stream()
                      .map(one -> one.thing() + " at " + one.at().truncatedTo(ChronoUnit.SECONDS))
                      .collect(Collectors.joining(", ")));
    }
  }

  private @Nullable Long turn() {
    Grant held = journey.turns().inHand();
    return held == null ? null : held.number();
  }

  /**
   * What follows from it, all at once. No turn has to be held: it may take its time. After the last
   * hop, the origin is marked and duplicates of everything are removed in parallel.
   *
   * @param left what else is left of it, of steps of its own
   */
  void followUp(Release release, List<FollowUp> left) {
    List<FollowUp> orders = new ArrayList<>(orders(release));
    orders.addAll(left);
    boolean last = target.equals(journey.settings().path().getLast());
    if (last) {
      orders.add(Closing.order(journey, candidate, live()));
      journey.deduplication().begin();
    }
    journey.followUps().carryOutTogether(orders, journey.settings().retryTimeout());
    if (last) {
      journey.journal().put(StepNames.CLOSE, true);
    }
  }

  private List<FollowUp> orders(Release release) {
    List<FollowUp> orders = new ArrayList<>();
    orders.add(FollowUp.of(step, live(), labels(release)));
    orders.add(FollowUp.of(step, live(), order(release)));
    String former = release.previousVersion();
    if (former != null) {
      orders.add(
          FollowUp.of(
              step,
              live(),
              new VersionLabels(
                  target.workspace(),
                  target.model(),
                  former,
                  Map.of(Tags.RELEASE, Tags.SUPERSEDED))));
    }
    return orders;
  }

  /** What is live by it. */
  LiveVersion live() {
    return new LiveVersion(target.workspace(), target.model(), target.marking(), version());
  }

  private VersionLabels labels(Release release) {
    Map<String, String> labels = new HashMap<>();
    labels.put(Tags.RELEASE, Tags.LIVE);
    if (!release.decisions().isEmpty()) {
      labels.put(
          Tags.APPROVED_BY,
          String.join(", ", release.decisions().stream().map(Decision::by).toList()));
    }
    return new VersionLabels(target.workspace(), target.model(), version(), labels);
  }

  private ReleaseOrder order(Release release) {
    return new ReleaseOrder(
        release.toBuilder().proof(proof()).build(),
        arrived.model().runId(),
        HistoryEvent.of(
                HistoryEvent.idOf(HistoryKind.RELEASE, target.workspace(), journey.id()),
                HistoryKind.RELEASE,
                target.workspace(),
                target.model(),
                release.at(),
                journey.start().startedBy())
            .name(journey.settings().model())
            .reason(journey.start().reason())
            .workflow(journey.id())
            .build());
  }

  /** What people were shown, or the policy decided on where nobody was asked. */
  private @Nullable Proof proof() {
    ApprovalPolicy policy = journey.settings().approvals().get(target.workspace());
    return journey
        .journal()
        .find(StepNames.hop(target, "evaluate"), Evaluation.Shown.class)
        .map(shown ->
            Proof.of(
                    shown.evidence(), journey.settings().identity().name().toLowerCase(Locale.ROOT))
                .policy(
                    policy == null ? null : policy.tier(),
                    policy == null ? List.of() : policy.groups())
                .request(request().orElse(null))
                .build())
        .orElse(null);
  }

  /** The request that it went live on; earlier ones no longer count. */
  private Optional<Request> request() {
    return journey.desk().requests().stream()
        .filter(request -> request.target().equals(target.workspace()))
        .reduce((earlier, later) -> later);
  }

  private List<Decision> decisions() {
    return request()
        .map(request -> journey.desk().decisionsOn(request.name()))
        .orElse(List.of())
        .stream()
        .filter(decision -> decision.verdict() == Decision.Verdict.APPROVE)
        .toList();
  }

  private String version() {
    return arrived.version().version();
  }
}
