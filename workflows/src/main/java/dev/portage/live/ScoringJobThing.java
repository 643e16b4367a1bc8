package dev.portage.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.activity.Stubs;
import dev.portage.duplicates.DuplicateCheck;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
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
import dev.portage.registry.Champion;
import dev.portage.release.FollowUp;
import dev.portage.release.LiveVersion;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.scoring.PredictionCount;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.settings.Work;
import dev.portage.step.Attempt;
import dev.portage.step.Made;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.Queues;
import dev.portage.text.Bounded;
import io.temporal.failure.TemporalFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The scoring job of a model, step {@code batch}: Portage's own, which is created or reset, or the
 * team's, which runs as it is.
 */
final class ScoringJobThing implements LiveThing {

  static final String NAME = "batch";

  /** A rollback goes on without it. */
  private static final Duration LOOK_FOR_RUNS = Duration.ofMinutes(1);

  private static final int MOST_NAMED = 5;

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
    }
    return Optional.of(Map.copyOf(values));
  }

  @Override
  public String whyNot() {
    return "no batch in the file";
  }

  @Override
  public LiveState observe(LiveRef ref, Look look) {
    String name = String.valueOf(ref.value(Jobs.NAME));
    String model = String.valueOf(ref.value(Jobs.MODEL));
    JobActivities jobs = look.by(JobActivities.class, "the job " + name);
    if (Jobs.isTheirs(ref.values())) {
      return jobs.findJob(JobQuery.ofTheirs(ref.workspace(), name, model))
          .map(job -> Jobs.seen(ref, job))
          .orElse(Jobs.none(ref, null));
    }
    JobQuery query = new JobQuery(ref.workspace(), name, model, ref.holder());
    Optional<JobState> listed = jobs.findJob(query);
    if (listed.isPresent()) {
      return Jobs.seen(ref, listed.get());
    }
    Long id = recorded(ref, look);
    return id == null ? Jobs.none(ref, null) : byId(ref, jobs, query, id);
  }

  /**
   * The job that was recorded, null for none. If a stale list shows no job, people would be asked
   * about a new one, and again when the real one appears.
   */
  private static @Nullable Long recorded(LiveRef ref, Look look) {
    String known = ref.value(Jobs.ID);
    if (known != null) {
      return Long.valueOf(known);
    }
    Champion champion = look.champion().orElse(null);
    String run = champion == null ? null : champion.version().runId();
    if (run == null) {
      return null;
    }
    try {
      return look.by(ReleaseActivities.class, "the previous release's job")
          .recorded(new RecordQuery(ref.workspace(), run))
          .map(ScoringJobThing::jobOf)
          .orElse(null);
    } catch (TemporalFailure unreadable) {
      rethrowUnlessRefused(unreadable, ref);
      // A deleted run says nothing, and the list has said that there is no job.
      return null;
    }
  }

  private static @Nullable Long jobOf(Release release) {
    return Objects.requireNonNullElse(release.live(), List.<LiveState>of()).stream()
        .filter(state -> state.thing().equals(NAME))
        .flatMap(state -> Stream.ofNullable(Jobs.job(state)))
        .map(JobState::jobId)
        .findFirst()
        .orElse(release.jobId());
  }

  private static LiveState byId(LiveRef ref, JobActivities jobs, JobQuery query, long id) {
    try {
      return jobs.findJob(query.recordedAs(id))
          .map(job -> Jobs.seen(ref, job))
          .orElse(Jobs.none(ref, null));
    } catch (TemporalFailure failure) {
      rethrowUnlessRefused(failure, ref);
      return Jobs.none(ref, id);
    }
  }

  private static void rethrowUnlessRefused(TemporalFailure failure, LiveRef ref) {
    FailureKind kind = Failures.problemOf(failure, "read the job", ref.workspace()).kind();
    if (kind != FailureKind.USER) {
      throw failure;
    }
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
    BatchSettings batch = batch(hop);
    String where = hop.target().workspace();
    return new Action(
        where + "/" + name(),
        "job " + batch.job() + " in " + where,
        now.text(),
        batch.isTheirJob()
            ? "runs once with "
                + Planner.NEW_VERSION
                + " into "
                + batch.table()
                + "; its settings stay as they are, so there is nothing to put back"
            : "scores with "
                + Planner.NEW_VERSION
                + (hop.source() == null ? "" : " at " + Jobs.shorten(hop.source().commit()))
                + into(batch)
                + byFile(batch)
                // A reset changes all of a job but this.
                + (Jobs.runAs(now) == null ? "" : ", still as " + Jobs.runAs(now)));
  }

  /** Code that no commit holds may be another at each run. */
  private static String byFile(BatchSettings batch) {
    if (!(batch.scoring() instanceof Work.Defined file)) {
      return "";
    }
    List<String> outside = file.notInCommit();
    return ", with the settings in "
        + file.settings()
        + (outside.isEmpty()
            ? ""
            : "; not of the commit: " + Bounded.listed(outside, ", ", MOST_NAMED));
  }

  private static String into(BatchSettings batch) {
    return switch (batch.checked()) {
      case ROWS -> " into " + batch.table();
      case TABLE -> " into " + batch.table() + ", whose rows are not checked (batch.verify: table)";
      case NONE -> "; what it writes is not checked (batch.verify: none)";
    };
  }

  @Override
  public List<Action> planFollowing(PlannedHop hop) {
    BatchSettings batch = batch(hop);
    String where = hop.target().workspace();
    return batch.isTheirJob() || !batch.checked().isOfRows() || hop.settings().rehearsal() == null
        ? List.of()
        : List.of(
            new Action(
                where + "/publish",
                "table " + batch.table() + " in " + where,
                "its rows, if it exists",
                "plus those that " + Planner.NEW_VERSION + " has scored, added by one statement"));
  }

  private static BatchSettings batch(PlannedHop hop) {
    return Objects.requireNonNull(
        hop.settings().batchAt(hop.target()), "only a hop with a batch has it planned");
  }

  /** Another release moved its job with the champion, and it is the same job for the rest. */
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

  /** A change of this holder's, as the job itself records it; empty if there was none. */
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

  /** Its reset paused what starts it until the champion has moved. */
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
