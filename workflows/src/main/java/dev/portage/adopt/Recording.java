package dev.portage.adopt;

import dev.portage.activity.Stubs;
import dev.portage.candidate.ManifestRef;
import dev.portage.failure.Failures;
import dev.portage.history.HistoryActivities;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.history.HistoryQuery;
import dev.portage.lane.Grant;
import dev.portage.lane.Turns;
import dev.portage.live.LiveState;
import dev.portage.live.LiveStates;
import dev.portage.registry.Champion;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionLabels;
import dev.portage.release.FollowUp;
import dev.portage.release.FollowUpRunner;
import dev.portage.release.LiveVersion;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.release.ReleaseOrder;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Under the turn: everything that an adoption writes. Each part may be repeated, and the label
 * comes last: a version that has it is recorded.
 */
final class Recording {
  /**
   * Entries of the log among which the former release is: the newest may be this adoption's own, of
   * an attempt before, or one without a release.
   */
  private static final int SEARCHED = 50;

  private final AdoptStart start;
  private final Findings looked;
  private final ManifestRef manifest;
  private final String runId;
  private final String key;
  private final Turns turns;
  private final Station target;
  private final String version;

  /** What was tagged, or may have been, and was not tagged before. */
  private final List<AdoptedThing> tagging = new ArrayList<>();

  /**
   * @param manifest of the version's files
   * @param runId run that keeps it, and the record
   * @param key key of the attempt
   */
  Recording(
      AdoptStart start,
      Findings looked,
      ManifestRef manifest,
      String runId,
      String key,
      Turns turns) {
    this.start = start;
    this.looked = looked;
    this.manifest = manifest;
    this.runId = runId;
    this.key = key;
    this.turns = turns;
    this.target = looked.settings().target();
    this.version = looked.version().version();
  }

  /** Whether what is live is still what was looked at. */
  boolean stands() {
    Optional<String> champion =
        FirstLook.champion(looked.settings()).map(Champion::version).map(ModelVersion::version);
    return champion.isEmpty() ? !looked.marked() : champion.get().equals(version);
  }

  /**
   * Writes it.
   *
   * @throws TemporalFailure if it could not be written; {@link #undo} takes back what was tagged
   */
  Release write() {
    List<AdoptedThing> things = new ArrayList<>();
    for (AdoptedThing found : looked.plan().things()) {
      Adoptable one = Adoptables.of(found);
      AdoptedThing stored = one.store(context(one), found);
      if (found.isToBeTagged()) {
        tagging.add(stored);
      }
      things.add(one.tag(context(one), stored));
    }
    if (!looked.marked()) {
      registry(FirstLook.mark(target) + " of " + target.model() + ": version " + version)
          .mark(
              new MarkOrder(
                  target.workspace(),
                  target.model(),
                  version,
                  target.marking(),
                  target.marking().live(),
                  turns.inHand()));
    }
    Optional<FollowUp> former = looked.completes() == null ? former() : Optional.empty();
    Release release = release(things);
    releases().record(new ReleaseOrder(release, runId, event(release)));
    registry("label version " + version).labelVersion(labels());
    former.ifPresent(FollowUpRunner::carryOut);
    return release;
  }

  /**
   * What was not recorded in the end is nobody's again: a tag without a release would let a
   * promotion change it. The turn has to be in hand.
   *
   * @return what could not be taken back, with what to do, a line each
   */
  List<String> undo() {
    List<String> left = new ArrayList<>();
    for (AdoptedThing tagged : tagging.reversed()) {
      Adoptable one = Adoptables.of(tagged);
      try {
        one.untag(context(one), tagged);
      } catch (TemporalFailure failure) {
        left.add(
            tagged.shown()
                + " may still have its new tags: "
                + Failures.line(failure)
                + ". If it is not adopted after all: "
                + one.byHand(tagged));
      }
    }
    tagging.clear();
    return left;
  }

  private AdoptContext context(Adoptable one) {
    return new AdoptContext(
        looked.settings(),
        start.inTags(looked.settings().model()),
        version,
        key + "/" + one.thing(),
        turns.inHand());
  }

  private Release release(List<AdoptedThing> things) {
    List<LiveState> states = new ArrayList<>();
    Release completes = looked.completes();
    Release.Builder release;
    if (completes == null) {
      Grant grant = turns.inHand();
      String commit = looked.trained().commit();
      release =
          Release.of(
                  Workflow.getInfo().getWorkflowId(),
                  target.workspace(),
                  target.model(),
                  version,
                  manifest.digest(),
                  Instant.ofEpochMilli(Workflow.currentTimeMillis()))
              .commit(commit == null ? looked.version().tags().get(Tags.COMMIT) : commit)
              .turn(grant == null ? null : grant.number());
      states.add(LiveStates.champion(version, target.marking()));
    } else {
      release = completes.toBuilder();
      states.addAll(completes.states());
    }
    for (AdoptedThing thing : things) {
      states.add(thing.state());
      Adoptables.of(thing).record(release, thing.state());
    }
    return release
        .states(LiveStates.inOrder(states), completes == null ? null : completes.before())
        .build();
  }

  private HistoryEvent event(Release release) {
    String workflow = Workflow.getInfo().getWorkflowId();
    return HistoryEvent.of(
            // Another version may be adopted later, by a workflow of the same id.
            HistoryEvent.idOf(
                HistoryKind.ADOPTION,
                target.workspace(),
                workflow + "/" + release.version() + completed()),
            HistoryKind.ADOPTION,
            target.workspace(),
            target.model(),
            looked.completes() == null
                ? release.at()
                : Instant.ofEpochMilli(Workflow.currentTimeMillis()),
            start.startedBy())
        .name(looked.settings().model())
        .workflow(workflow)
        .build();
  }

  /** A release may be completed more than once, each time by something else. */
  private String completed() {
    return looked.completes() == null
        ? ""
        : looked.plan().things().stream()
            .map(thing -> "/" + thing.thing())
            .collect(Collectors.joining());
  }

  private VersionLabels labels() {
    Map<String, String> tags = new HashMap<>();
    tags.put(Tags.DIGEST, manifest.digest());
    tags.put(Tags.MANIFEST, manifest.artifactUri());
    tags.put(Tags.RELEASE, Tags.LIVE);
    return new VersionLabels(target.workspace(), target.model(), version, tags);
  }

  /** Another version that is still labelled live, though the champion was moved by hand since. */
  private Optional<FollowUp> former() {
    return Stubs.searching(
            HistoryActivities.class,
            queue(),
            looked.settings().retryTimeout(),
            "what was released in " + target.workspace() + " before?")
        .readHistory(HistoryQuery.newest(target.workspace(), target.model(), SEARCHED))
        .events()
        .stream()
        .flatMap(event -> Stream.ofNullable(event.release()))
        .filter(before -> !before.version().equals(version))
        .map(before ->
            FollowUp.of(
                "record",
                new LiveVersion(target.workspace(), target.model(), target.marking(), version),
                new VersionLabels(
                    target.workspace(),
                    target.model(),
                    before.version(),
                    Map.of(Tags.RELEASE, Tags.SUPERSEDED))))
        .findFirst();
  }

  private RegistryActivities registry(String summary) {
    return Stubs.quick(
        RegistryActivities.class, queue(), looked.settings().retryTimeout(), summary);
  }

  private ReleaseActivities releases() {
    return Stubs.quick(
        ReleaseActivities.class,
        queue(),
        looked.settings().retryTimeout(),
        "record the release of version " + version);
  }

  private String queue() {
    return Queues.of(target.workspace());
  }
}
