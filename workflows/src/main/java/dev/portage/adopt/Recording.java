package dev.portage.adopt;

import dev.portage.activity.Stubs;
import dev.portage.candidate.ManifestRef;
import dev.portage.history.HistoryActivities;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.history.HistoryQuery;
import dev.portage.lane.Grant;
import dev.portage.lane.Turns;
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
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
  private final Looked looked;
  private final ManifestRef manifest;
  private final String runId;
  private final String key;
  private final Turns turns;
  private final Station target;
  private final String version;

  /**
   * @param manifest of the version's files
   * @param runId run that keeps it, and the record
   * @param key key of the attempt
   */
  Recording(
      AdoptStart start,
      Looked looked,
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
        Looking.champion(looked.settings()).map(Champion::version).map(ModelVersion::version);
    return champion.isEmpty() ? !looked.marked() : champion.get().equals(version);
  }

  /** Writes it. */
  Release write() {
    @Nullable AdoptedJob job = tagJob();
    if (!looked.marked()) {
      registry(Looking.mark(target) + " of " + target.model() + ": version " + version)
          .mark(
              new MarkOrder(
                  target.workspace(),
                  target.model(),
                  version,
                  target.marking(),
                  target.marking().live(),
                  turns.inHand()));
    }
    Optional<FollowUp> former = former();
    Release release = release(job);
    releases().record(new ReleaseOrder(release, runId, event(release)));
    registry("label version " + version).labelVersion(labels());
    former.ifPresent(FollowUpRunner::carryOut);
    return release;
  }

  private @Nullable AdoptedJob tagJob() {
    AdoptedJob job = looked.plan().job();
    if (job == null) {
      return null;
    }
    return Stubs.quick(
            AdoptJobActivities.class,
            queue(),
            looked.settings().retryTimeout(),
            "tag " + job.shown())
        .adoptJob(
            new AdoptJobOrder(
                target.workspace(),
                looked.settings().model(),
                Long.toString(job.state().jobId()),
                key,
                turns.inHand()));
  }

  private Release release(@Nullable AdoptedJob job) {
    Grant grant = turns.inHand();
    String commit = looked.trained().commit();
    return Release.of(
            Workflow.getInfo().getWorkflowId(),
            target.workspace(),
            target.model(),
            version,
            manifest.digest(),
            Instant.ofEpochMilli(Workflow.currentTimeMillis()))
        .commit(commit == null ? looked.version().tags().get(Tags.COMMIT) : commit)
        .job(job == null ? null : job.state().jobId(), job == null ? null : job.state().runAs())
        .turn(grant == null ? null : grant.number())
        .states(
            LiveStates.of(
                version,
                target.marking(),
                looked.settings().model(),
                job == null ? null : job.state(),
                job != null && job.keeper() != null,
                job == null ? null : job.settings()),
            null)
        .build();
  }

  private HistoryEvent event(Release release) {
    String workflow = Workflow.getInfo().getWorkflowId();
    return HistoryEvent.of(
            // Another version may be adopted later, by a workflow of the same id.
            HistoryEvent.idOf(
                HistoryKind.ADOPTION, target.workspace(), workflow + "/" + release.version()),
            HistoryKind.ADOPTION,
            target.workspace(),
            target.model(),
            release.at(),
            start.startedBy())
        .name(looked.settings().model())
        .workflow(workflow)
        .build();
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
