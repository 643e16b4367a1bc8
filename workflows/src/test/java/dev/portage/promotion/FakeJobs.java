package dev.portage.promotion;

import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.job.JobActivities;
import dev.portage.job.JobChange;
import dev.portage.job.JobDuplicates;
import dev.portage.job.JobOrder;
import dev.portage.job.JobPreview;
import dev.portage.job.JobQuery;
import dev.portage.job.JobRestoreOrder;
import dev.portage.job.JobResume;
import dev.portage.job.JobState;
import dev.portage.job.JobUndo;
import dev.portage.job.NotebookOrder;
import dev.portage.job.OthersQuery;
import dev.portage.job.OthersRun;
import dev.portage.job.RestoredJob;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import dev.portage.job.ScoringRunOrder;
import dev.portage.job.SettingChange;
import dev.portage.job.TeamJobRunOrder;
import dev.portage.job.UndoResult;
import dev.portage.live.SettingsRef;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The jobs of all workspaces, in memory; the test decides how a run ends. */
final class FakeJobs implements JobActivities {

  final Map<String, RunRef> runsByKey = new ConcurrentHashMap<>();

  /** The commit that a run checked out. */
  final Map<Long, String> commits = new ConcurrentHashMap<>();

  final Map<Long, RunResult.Ending> endings = new ConcurrentHashMap<>();
  final Map<Long, String> names = new ConcurrentHashMap<>();
  final Map<String, Deque<RunResult.Ending>> nextEndings = new ConcurrentHashMap<>();
  private final Set<String> lasting = ConcurrentHashMap.newKeySet();
  private volatile boolean awaited;
  volatile @Nullable JobState job;

  /** How long a second one of a job that is created again may appear; null if none may. */
  volatile @Nullable Duration mayCome;

  /** Whether someone else changes the job after each change of ours. */
  volatile boolean changedSince;

  /** Whether an existing job is gone or hidden from the login. */
  volatile boolean hidden;

  /** Whether lists omit a job that exists. */
  volatile boolean listIsBehind;

  /** The commit that every run reports; null for the requested one. */
  volatile @Nullable String usedCommit;

  /** The commit that runs of the team's own jobs report; null for none. */
  volatile @Nullable String usedByTheirs;

  /** The error in the failed cell of a run with that name. */
  final Map<String, String> errors = new ConcurrentHashMap<>();

  /** The exit value of a notebook with that name. */
  final Map<String, String> exits = new ConcurrentHashMap<>();

  /** Requests to run notebooks, in order, repeats included. */
  final List<NotebookOrder> submitted = new CopyOnWriteArrayList<>();

  /** Requests to run scoring jobs, in order, repeats included. */
  final List<ScoringRunOrder> scoring = new CopyOnWriteArrayList<>();

  /** Requests to run the team's own jobs, in order, repeats included. */
  final List<TeamJobRunOrder> theirs = new CopyOnWriteArrayList<>();

  final List<ScoringRunOrder> scored = new CopyOnWriteArrayList<>();

  /** Changes to the scoring job's settings; null for a worker that can't tell. */
  volatile @Nullable List<SettingChange> preview = List.of();

  /** Jobs that were previewed, in order. */
  final List<JobOrder> previewed = new CopyOnWriteArrayList<>();

  private volatile @Nullable JobState jobBefore;

  /** What a job becomes that its reset has paused; null for one that nothing starts. */
  volatile @Nullable String resumes;

  /** Jobs as releases left them, by the artifact that holds their settings. */
  private final Map<String, JobState> settings = new ConcurrentHashMap<>();

  private final Map<String, JobChange> changes = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong(100);
  private final FakeWorld world;

  FakeJobs(FakeWorld world) {
    this.world = world;
  }

  /** The next run with that name ends this way; otherwise runs succeed. */
  void endNext(String name, RunResult.Ending ending) {
    nextEndings.computeIfAbsent(name, any -> new ArrayDeque<>()).add(ending);
  }

  /** Whether someone is waiting for a run that is still going. */
  private final List<OthersRun> left = new CopyOnWriteArrayList<>();

  boolean awaited() {
    return awaited;
  }

  /** Runs with that name keep going until someone ends them. */
  void last(String name) {
    lasting.add(name);
  }

  /** Lets the runs with that name finish. */
  void finish(String name) {
    lasting.remove(name);
  }

  @Override
  public RunRef submitNotebook(NotebookOrder order) {
    submitted.add(order);
    RunRef run =
        start(
            order.workspace(),
            order.key(),
            order.name(),
            "submit " + order.running().named(),
            null);
    commits.put(run.runId(), order.source().commit());
    world.answer("submitNotebook");
    return run;
  }

  @Override
  public List<OthersRun> othersRuns(OthersQuery query) {
    return left.stream()
        .filter(other -> !endings.containsKey(other.run().runId()))
        .filter(other -> !other.promotion().equals(query.promotion()))
        .toList();
  }

  /** Another promotion's run of the job is still going. */
  void isLeft(String promotion, RunRef run) {
    left.add(new OthersRun(run, promotion));
    names.put(run.runId(), "left " + run.runId());
  }

  @Override
  public RunRef runJob(ScoringRunOrder order) {
    scored.add(order);
    scoring.add(order);
    RunRef run = start(order.workspace(), order.key(), "batch", "run job", order.jobId());
    world.answer("runJob");
    return run;
  }

  @Override
  public RunRef runTheirJob(TeamJobRunOrder order) {
    theirs.add(order);
    RunRef run =
        start(order.workspace(), order.key(), order.job(), "run their job " + order.job(), 12L);
    world.answer("runTheirJob");
    return run;
  }

  private synchronized RunRef start(
      String workspace, String key, String name, String effect, @Nullable Long jobId) {
    return runsByKey.computeIfAbsent(
        key,
        any -> {
          world.effect(effect, effect);
          RunRef run =
              new RunRef(
                  workspace,
                  jobId,
                  ids.incrementAndGet(),
                  URI.create("https://dev.example.com/run"));
          names.put(run.runId(), name);
          return run;
        });
  }

  @Override
  public RunResult awaitRun(RunRef run) {
    world.fail("awaitRun " + names.get(run.runId()));
    return end(run);
  }

  private RunResult end(RunRef run) {
    if (lasting.contains(names.get(run.runId()))) {
      awaited = true;
      FakeWorld.beatUntil(
          () -> endings.containsKey(run.runId()) || !lasting.contains(names.get(run.runId())));
    }
    RunResult.Ending ending =
        endings.computeIfAbsent(
            run.runId(),
            id -> {
              Deque<RunResult.Ending> planned = nextEndings.get(String.valueOf(names.get(id)));
              RunResult.Ending next = planned == null ? null : planned.poll();
              return next == null ? RunResult.Ending.SUCCESS : next;
            });
    boolean failed = ending != RunResult.Ending.SUCCESS;
    return new RunResult(
        run,
        ending,
        "TERMINATED/" + ending,
        failed ? null : exits.get(String.valueOf(names.get(run.runId()))),
        failed
            ? errors.getOrDefault(
                String.valueOf(names.get(run.runId())), "ValueError: column bmi is empty")
            : null,
        failed ? List.of("train.py:12", "raise ValueError") : List.of(),
        used(run),
        run.page());
  }

  private @Nullable String used(RunRef run) {
    boolean isTheirs = Objects.equals(run.jobId(), 12L);
    return isTheirs ? usedByTheirs : usedCommit == null ? commits.get(run.runId()) : usedCommit;
  }

  /** Someone repairs the failed runs with that name. */
  void repair(String name) {
    names.forEach((id, named) -> {
      if (named.equals(name)) {
        endings.put(id, RunResult.Ending.SUCCESS);
      }
    });
  }

  @Override
  public RunResult cancelRun(RunRef run) {
    world.effect("cancelRun", "cancel run " + names.get(run.runId()));
    endings.put(run.runId(), RunResult.Ending.CANCELLED);
    return end(run);
  }

  @Override
  public Optional<JobState> findJob(JobQuery query) {
    world.effect("findJob", "look at job");
    if (hidden && query.recorded() != null) {
      throw FakeWorld.userFault("403 PERMISSION_DENIED: no View on job " + query.recorded());
    }
    JobState now = job;
    boolean isShown =
        !listIsBehind || (now != null && Objects.equals(query.recorded(), now.jobId()));
    return isShown ? Optional.ofNullable(now) : Optional.empty();
  }

  @Override
  public JobPreview previewJob(JobOrder order) {
    List<SettingChange> changes = preview;
    if (changes == null) {
      throw FakeWorld.userFault("this worker knows no such activity");
    }
    previewed.add(order);
    return new JobPreview(changes);
  }

  @Override
  public JobChange applyJob(JobOrder order) {
    JobState before = job;
    JobChange done = changes.get(order.key());
    if (done != null) {
      world.answer("applyJob");
      return done;
    }
    world.effect("applyJob", before == null ? "create job" : "reset job");
    jobBefore = before;
    String hash = "hash-" + order.modelVersion();
    JobState now =
        JobState.of(
                before == null ? 7 : before.jobId(),
                order.name(),
                resumes == null ? hash : hash + "-paused")
            .scores(order.modelVersion(), order.source().commit())
            .madeBy(
                order.promotion(),
                before == null ? null : before.settingsHash(),
                before == null ? null : "mlflow-artifacts:/undo.json")
            .runAs(before == null ? null : before.runAs())
            .resumes(resumes, resumes == null ? null : hash)
            .build();
    job = now;
    JobChange change =
        new JobChange(
                now,
                before == null ? JobChange.Effect.CREATED : JobChange.Effect.RESET,
                before == null ? null : before.settingsHash(),
                before == null ? null : "mlflow-artifacts:/undo.json")
            .with(before == null ? null : stored(before), stored(resumed(now)));
    changes.put(order.key(), change);
    world.answer("applyJob");
    return change;
  }

  private SettingsRef stored(JobState state) {
    String uri = "mlflow-artifacts:/" + state.settingsHash() + ".json";
    settings.put(uri, state);
    return new SettingsRef(uri, state.settingsHash());
  }

  private static JobState resumed(JobState state) {
    return JobState.of(state.jobId(), state.name(), state.lastingHash())
        .scores(state.modelVersion(), state.commit())
        .madeBy(state.promotion(), state.previousHash(), state.undoUri())
        .runAs(state.runAs())
        .remarks(state.remarks())
        .build();
  }

  @Override
  public DuplicatesRemoved removeJobTwins(JobDuplicates twins) {
    String undo = twins.undoUri();
    if (undo != null) {
      world.looks.add("second of " + undo);
    }
    return world.twins(
        "job", twins.workspace(), twins.jobId() == null ? null : String.valueOf(twins.jobId()));
  }

  @Override
  public UndoResult resumeJob(JobResume order) {
    world.effect("resumeJob", "resume job");
    JobState paused = job;
    job = paused == null ? null : resumed(paused);
    world.answer("resumeJob");
    return new UndoResult(
        UndoResult.Outcome.PUT_BACK, "what starts job " + order.jobId() + " is UNPAUSED again");
  }

  @Override
  public UndoResult undoJob(JobUndo undo) {
    world.effect("undoJob", "put job back");
    JobState now = job;
    JobChange change = undo.change();
    if (now == null && change.effect() == JobChange.Effect.RESET) {
      return new UndoResult(UndoResult.Outcome.CHANGED_SINCE, "job 7 has since been deleted");
    }
    if (changedSince
        || (now != null
            && !now.settingsHash().equals(change.now().settingsHash())
            && !now.settingsHash().equals(change.previousHash()))) {
      return new UndoResult(
          UndoResult.Outcome.CHANGED_SINCE, "job 7 has since been changed by someone else");
    }
    job = jobBefore;
    changes.clear();
    return new UndoResult(UndoResult.Outcome.PUT_BACK, "job 7 is as before");
  }

  /** Requests to restore jobs, in order, repeats included. */
  final List<JobRestoreOrder> restored = new CopyOnWriteArrayList<>();

  @Override
  public RestoredJob restoreJob(JobRestoreOrder order) {
    restored.add(order);
    world.effect("restoreJob", "restore job " + order.jobId());
    JobState now = job;
    if (now != null && now.settingsHash().equals(order.hash())) {
      return new RestoredJob(RestoredJob.Outcome.UNCHANGED, now, "job 7 is as it was");
    }
    RestoredJob.Outcome outcome =
        now == null ? RestoredJob.Outcome.CREATED_AGAIN : RestoredJob.Outcome.RESTORED;
    SettingsRef ref = order.settings();
    JobState kept = ref == null ? null : settings.get(ref.uri());
    if (kept == null) {
      throw FakeWorld.userFault("its settings were not recorded");
    }
    JobState again =
        JobState.of(now == null ? 8 : now.jobId(), order.name(), kept.settingsHash())
            .scores(kept.modelVersion(), kept.commit())
            .madeBy(kept.promotion(), kept.previousHash(), kept.undoUri())
            .runAs(kept.runAs())
            .build();
    job = again;
    world.answer("restoreJob");
    RestoredJob done = new RestoredJob(outcome, again, "job " + again.jobId() + " is as it was");
    if (now == null) {
      return done.twinMayCome(mayCome);
    }
    SettingsRef before = new SettingsRef("runs:/before/" + now.settingsHash(), "0".repeat(64));
    settings.put(before.uri(), now);
    return done.replacing(before).twinMayCome(mayCome);
  }
}
