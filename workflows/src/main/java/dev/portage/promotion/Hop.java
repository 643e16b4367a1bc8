package dev.portage.promotion;

import dev.portage.candidate.Arrival;
import dev.portage.candidate.Candidate;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyResult;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.scoring.Rehearsal;
import dev.portage.settings.Station;
import dev.portage.step.Made;
import dev.portage.temporal.Queues;
import dev.portage.tracking.TrainedRun;
import dev.portage.versioncopy.Copying;
import dev.portage.versioncopy.Registering;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of a promotion from one workspace to the next. */
final class Hop {

  private final Journey journey;
  private final Candidate candidate;
  private final Station target;
  private final Arrival from;
  private final Approval approval;

  Hop(
      Journey journey,
      Candidate candidate,
      TrainedRun trained,
      @Nullable Rehearsal rehearsal,
      Arrival from,
      Station target) {
    this.journey = journey;
    this.candidate = candidate;
    this.from = from;
    this.target = target;
    this.approval =
        new Approval(
            journey,
            candidate,
            target,
            new Evaluation(journey, candidate, trained, rehearsal, target));
  }

  /** Gates, then people. */
  void evaluateAndApprove() {
    approval.evaluation().run();
    approval.run();
  }

  /** The exact bytes, into a run of the target. */
  CopyResult copy() {
    return journey
        .steps()
        .resumable(
            StepNames.hop(target, "copy"),
            CopyResult.class,
            target.workspace(),
            attempt -> {
              CopyOrder order =
                  new CopyOrder(
                      candidate,
                      from.model(),
                      target.workspace(),
                      journey.settings().experimentAt(target),
                      attempt.key(),
                      tags(),
                      journey.settings().verifyOf(target.workspace()));
              CopyResult copied =
                  new Copying(
                          order,
                          queue(),
                          journey.settings().retryTimeout(),
                          attempt::says,
                          journey.deduplication())
                      .copy();
              if (!copied.digest().equals(candidate.manifest().digest())) {
                throw Journey.userFailure(
                    StepNames.hop(target, "copy"),
                    "copy version " + from.version(),
                    target.workspace(),
                    "the target holds digest " + copied.digest(),
                    "Check what else writes there, then: portage resume " + journey.id(),
                    false);
              }
              leaves("run " + copied.model().runId() + " in " + target.workspace());
              return new Made<>(
                  copied,
                  "run "
                      + copied.model().runId()
                      + ", "
                      + copied.files()
                      + " files, "
                      + copied.bytes()
                      + " bytes, digest "
                      + candidate.manifest().shortDigest()
                      + (copied.methods() == null ? "" : "; " + copied.methods().shown()),
                  copied.page());
            });
  }

  /** A version in the target, with the chain back to commit and run. */
  Arrived register(CopyResult copied) {
    Registering registering =
        new Registering(
            target.carriesFilesToRegister(),
            queue(),
            journey.settings().retryTimeout(),
            journey.deduplication(),
            journey.progress()::notice);
    journey.keep(StepNames.hop(target, "register"), registering);
    return journey
        .steps()
        .resumable(
            StepNames.hop(target, "register"),
            Arrived.class,
            target.workspace(),
            attempt -> {
              // What starts with a version may have been added since people decided.
              new TriggerLook(journey, target).require(StepNames.hop(target, "register"));
              VersionOrder order =
                  new VersionOrder(
                      target.workspace(),
                      target.model(),
                      copied.model(),
                      attempt.key(),
                      tags(),
                      "From " + from.lineage().replace("\n", " → "),
                      journey.settings().verifyOf(target.workspace()));
              ModelVersion version =
                  registering.register(order, candidate.manifest(), "register " + target.model());
              journey.progress().outcome().version(version);
              leaves(
                  "version "
                      + version.version()
                      + " of "
                      + target.model()
                      + " in "
                      + target.workspace()
                      + ", which no alias or stage points at");
              return new Made<>(
                  new Arrived(order.madeAs(version.version()), version, copied.model()),
                  target.model() + " version " + version.version(),
                  version.page());
            },
            registering::giveUp);
  }

  /**
   * A registered candidate in the target.
   *
   * @param order the original order, checked for duplicates once more before the turn is given back
   * @param version the version
   * @param model its files
   */
  record Arrived(VersionOrder order, ModelVersion version, ModelLocation model) {}

  /** Under the turn: what is live changes here. */
  Arrival goLive(Arrived arrived) {
    new GoLive(journey, candidate, target, approval, arrived).run();
    return from.then(arrived.model(), target.model(), arrived.version().version());
  }

  private void leaves(String what) {
    journey.progress().outcome().leaves(target.workspace(), what);
  }

  private Map<String, String> tags() {
    Map<String, String> tags = new HashMap<>(journey.tags());
    tags.put(Tags.DIGEST, candidate.manifest().digest());
    tags.put(Tags.MANIFEST, candidate.manifest().artifactUri());
    tags.put(Tags.LINEAGE, from.lineage());
    @Nullable String commit = candidate.commit();
    if (commit != null) {
      tags.put(Tags.COMMIT, commit);
    }
    return Map.copyOf(tags);
  }

  private String queue() {
    return Queues.of(target.workspace());
  }
}
