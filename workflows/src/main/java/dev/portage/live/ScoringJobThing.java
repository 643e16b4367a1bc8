package dev.portage.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.activity.Stubs;
import dev.portage.duplicates.DuplicateCheck;
import dev.portage.job.JobActivities;
import dev.portage.job.JobChange;
import dev.portage.job.JobDuplicates;
import dev.portage.job.JobOrder;
import dev.portage.job.JobQuery;
import dev.portage.job.JobRestoreOrder;
import dev.portage.job.JobResume;
import dev.portage.job.JobState;
import dev.portage.job.JobUndo;
import dev.portage.job.RestoredJob;
import dev.portage.job.SettingChange;
import dev.portage.job.UndoResult;
import dev.portage.plan.Action;
import dev.portage.plan.Planner;
import dev.portage.release.FollowUp;
import dev.portage.release.LiveVersion;
import dev.portage.release.Release;
import dev.portage.scoring.PredictionCount;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.step.Attempt;
import dev.portage.step.Made;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.Queues;
import dev.portage.text.Bounded;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The scoring job of a model, step {@code batch}: Portage's own, which is created or reset, or the
 * team's, which runs as it is. {@link JobLook} reads it, and {@link ScoringPlan} says beforehand
 * what becomes of it.
 */
final class ScoringJobThing implements LiveThing {

  static final String NAME = "batch";

  /** How long to look for runs that others left: a rollback goes on without that. */
  private static final Duration LOOK_FOR_RUNS = Duration.ofMinutes(1);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<Map<String, String>> find(Settings settings, Station target) {
    BatchSettings batch = settings.batchAt(target);
    if (batch == null) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    values.put(Jobs.NAME, batch.job());
    values.put(Jobs.MODEL, settings.model());
    values.put(Jobs.TABLE, batch.table());
    if (batch.isTheirJob()) {
      values.put(Jobs.THEIRS, "true");
    } else {
      values.put(Jobs.REGISTERED, target.model());
    }
    return Optional.of(Map.copyOf(values));
  }

  @Override
  public String whyNot() {
    return "no batch in the file";
  }

  @Override
  public LiveState observe(LiveRef ref, Look look) {
    return new JobLook(ref, look).state();
  }

  @Override
  public @Nullable JsonNode planned(PlannedHop hop) {
    BatchSettings batch = hop.settings().batchAt(hop.target());
    if (batch == null || batch.isTheirJob() || hop.source() == null) {
      return null;
    }
    return Payloads.mapper()
        .valueToTree(
            JobOrder.planned(
                hop.target().workspace(),
                batch,
                hop.settings().model(),
                hop.target().model(),
                hop.source(),
                Planner.NEW_VERSION,
                hop.promotion() == null ? "<promotion>" : hop.promotion()));
  }

  @Override
  public List<SettingChange> differences(LiveRef ref, LiveState now, Look look) {
    try {
      JobOrder order = Payloads.mapper().treeToValue(ref.planned(), JobOrder.class);
      return look.by(JobActivities.class, "what changes in the settings of job " + order.name())
          .previewJob(order.seenAs(Jobs.job(now)))
          .changes();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the planned job can't be read", e);
    }
  }

  @Override
  public Action plan(PlannedHop hop, LiveState now) {
    return new ScoringPlan(hop, batch(hop)).job(name(), now);
  }

  @Override
  public List<Action> planFollowing(PlannedHop hop) {
    return new ScoringPlan(hop, batch(hop)).published();
  }

  private static BatchSettings batch(PlannedHop hop) {
    return Objects.requireNonNull(
        hop.settings().batchAt(hop.target()), "only a hop with a batch has it planned");
  }

  /** Another release moved its job with the champion, and nothing else of the job differs. */
  @Override
  public boolean isForTheGates(LiveState approved, LiveState now, @Nullable String champion) {
    return now.present()
        && champion != null
        && champion.equals(now.version())
        && Jobs.isPromoted(now)
        && (approved.present() ? Jobs.sameForTheRest(approved, now) : !Jobs.hasRemarks(now));
  }

  @Override
  public boolean isApplied(LiveHop hop, LiveState now) {
    return Jobs.isTheirs(now.values()) || (now.present() && hop.version().equals(now.version()));
  }

  @Override
  public Applied apply(LiveHop hop, Attempt attempt, LiveState seen, Consumer<LiveChange> changed) {
    LiveRef ref = LiveThings.ref(hop, this, find(hop.settings(), hop.target()).orElse(Map.of()));
    LiveChange[] made = {new LiveChange(seen, seen)};
    Made<PredictionCount> scored =
        hop.part(ScoringRun.class)
            .score(
                attempt,
                Jobs.job(seen),
                change -> {
                  made[0] = Jobs.change(ref, seen, change);
                  changed.accept(made[0]);
                });
    return new Applied(made[0], scored.text(), scored.page());
  }

  @Override
  public @Nullable String changedSince(LiveChange made, LiveState now) {
    return Jobs.isAsMade(made, now) ? null : LiveThing.changedText(made, now);
  }

  @Override
  public Undone undo(LiveContext context, LiveChange change) {
    JobChange undo = Jobs.undo(change);
    if (undo.effect() == JobChange.Effect.UNCHANGED) {
      return new Undone(Undone.Outcome.PUT_BACK, change.now().text() + " was not changed");
    }
    if (undo.effect() == JobChange.Effect.NOT_KNOWN) {
      return made(context, change)
          .map(known -> undo(context, known))
          .orElse(
              new Undone(Undone.Outcome.PUT_BACK, "job " + undo.now().name() + " was not changed"));
    }
    return undo(context, undo);
  }

  /** A change by this workflow, as the job itself records it; empty if there was none. */
  private static Optional<JobChange> made(LiveContext context, LiveChange change) {
    return jobs(context, "was the job changed?")
        .findJob(
            new JobQuery(
                context.workspace(),
                String.valueOf(change.now().value(Jobs.NAME)),
                String.valueOf(change.now().value(Jobs.MODEL)),
                context.holder()))
        .filter(job -> context.holder().equals(job.promotion()))
        .flatMap(JobState::change);
  }

  private static Undone undo(LiveContext context, JobChange undo) {
    UndoResult undone =
        jobs(context, "restore job " + undo.now().jobId())
            .undoJob(new JobUndo(context.workspace(), undo, context.grant()));
    return new Undone(
        undone.outcome() == UndoResult.Outcome.CHANGED_SINCE
            ? Undone.Outcome.FOUND_OTHER
            : Undone.Outcome.PUT_BACK,
        undone.text());
  }

  @Override
  public String byHand(LiveContext context, LiveChange change, @Nullable LiveState now) {
    JobChange undo = Jobs.undo(change);
    long id = undo.now().jobId();
    SettingsRef recorded = change.before().settings();
    String uri = undo.undoUri() == null && recorded != null ? recorded.uri() : undo.undoUri();
    if (undo.effect() == JobChange.Effect.NOT_KNOWN) {
      return "databricks jobs list --name '" + undo.now().name() + "'";
    }
    if (undo.effect() == JobChange.Effect.CREATED) {
      return "databricks jobs delete " + id;
    }
    if (uri == null) {
      return "databricks jobs get " + id;
    }
    String file = uri.substring(uri.lastIndexOf('/') + 1);
    return "mlflow artifacts download -u "
        + uri
        + " -d . && "
        + (now == null || now.present()
            ? "jq '{job_id: "
                + id
                + ", new_settings: .}' "
                + file
                + " > reset.json && databricks jobs reset --json @reset.json"
            : "databricks jobs create --json @" + file);
  }

  @Override
  public Restored restore(LiveContext context, LiveState desired) {
    if (Jobs.isTheirs(desired.values())) {
      return new Restored(
          Restored.Outcome.UNCHANGED,
          desired,
          desired.text()
              + " is the team's own, so its settings stay as they are"
              + leftRuns(context, Jobs.job(desired)));
    }
    LiveRef ref = LiveThings.ref(context, this, desired.values());
    JobState job = Jobs.job(desired);
    RestoredJob restored =
        jobs(context, "restore " + desired.text())
            .restoreJob(
                new JobRestoreOrder(
                    context.workspace(),
                    String.valueOf(ref.value(Jobs.NAME)),
                    String.valueOf(ref.value(Jobs.MODEL)),
                    job == null ? null : job.jobId(),
                    job == null ? null : job.settingsHash(),
                    desired.settings(),
                    context.holder(),
                    context.grant()));
    JobState now = restored.now();
    LiveState is = now == null ? Jobs.none(ref, null) : Jobs.state(ref, now);
    return new Restored(
        switch (restored.outcome()) {
          case RESTORED -> Restored.Outcome.RESTORED;
          case UNCHANGED -> Restored.Outcome.UNCHANGED;
          case CREATED_AGAIN -> Restored.Outcome.CREATED_AGAIN;
        },
        is.with(now == null ? null : desired.settings()),
        restored.text()
            + (Jobs.isSameCode(desired, is)
                ? ""
                : "; its code is not what it was then, and settings can't bring that back: it was "
                    + desired.text()
                    + ", and is "
                    + is.text())
            + leftRuns(context, now),
        restored.before(),
        restored.mayCome());
  }

  /**
   * It would go on scoring with an old version for years, and nobody told its readers. One of
   * another name is not a matter of this: whether it may run beside the new one is looked at where
   * that one is made.
   */
  @Override
  public @Nullable String leftBehind(LiveState now, @Nullable Map<String, String> changed) {
    JobState job = Jobs.job(now);
    if (job == null || changed != null) {
      return null;
    }
    String stays =
        "job "
            + job.jobId()
            + " ("
            + Bounded.line(job.name(), Bounded.NAME)
            + ") stays as it is, since the file has no batch any more: ";
    return Jobs.isTheirs(now.values())
        ? stays + "it is the team's own, and no promotion runs it any more"
        : stays
            + "it goes on scoring with "
            + (now.version() == null ? "the version that it has" : "version " + now.version())
            + ", its schedule or trigger stays, too, and no promotion moves it. To pause it: in"
            + " that workspace, Jobs & Pipelines, this job, Schedules & Triggers. To remove it:"
            + " databricks jobs delete "
            + job.jobId();
  }

  @Override
  public Optional<DuplicateCheck> duplicates(LiveContext context, Restored restored) {
    JobState job = Jobs.job(restored.now());
    Duration mayCome = restored.mayCome();
    SettingsRef stored = restored.before();
    return job == null || mayCome == null
        ? Optional.empty()
        : Optional.of(
            new JobDuplicateCheck(
                Queues.of(context.workspace()),
                new JobDuplicates(
                    context.workspace(),
                    job.name(),
                    String.valueOf(restored.now().value(Jobs.MODEL)),
                    context.holder(),
                    context.holder() + "/" + name(),
                    job.jobId(),
                    stored == null ? null : stored.uri()),
                mayCome));
  }

  /** A promotion that was terminated while its job ran would publish under the restored version. */
  private static String leftRuns(LiveContext context, @Nullable JobState job) {
    return job == null
        ? ""
        : new LeftRuns(context.workspace(), job.jobId(), context.holder(), LOOK_FOR_RUNS)
            .endIfPossible().stream().map(line -> "; " + line).collect(Collectors.joining());
  }

  /** The reset paused its schedule or trigger until the champion has moved. */
  @Override
  public List<FollowUp> followUps(LiveHop hop, LiveVersion live, LiveChange change) {
    JobState job = Jobs.job(change.now());
    return job == null || !Jobs.isPaused(change)
        ? List.of()
        : List.of(
            FollowUp.of(
                hop.workspace() + "/release",
                live,
                new JobResume(hop.workspace(), job.jobId(), hop.holder())));
  }

  @Override
  public void record(Release.Builder release, LiveChange change) {
    JobState job = Jobs.job(change.now());
    if (job != null && !Jobs.isTheirs(change.now().values())) {
      release.job(job.jobId(), job.runAs());
    }
  }

  private static JobActivities jobs(LiveContext context, String summary) {
    return Stubs.quick(
        JobActivities.class, Queues.of(context.workspace()), context.retryTimeout(), summary);
  }
}
