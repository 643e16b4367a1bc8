package dev.portage.live;

import dev.portage.job.JobChange;
import dev.portage.job.JobCode;
import dev.portage.job.JobState;
import dev.portage.text.Bounded;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Jobs as live states, and back. */
final class Jobs {

  static final String NAME = "name";
  static final String MODEL = "model";
  static final String THEIRS = "theirs";

  /**
   * Full name of the registered model that a hop is to score with; not in a state, since a rollback
   * restores whatever it finds.
   */
  static final String REGISTERED = "registered";

  /** Full name of the table that readers see: what it publishes can be found and removed. */
  static final String TABLE = "table";

  static final String ID = "id";

  /** Id of a job that was deleted or is hidden from the login. */
  static final String UNSEEN = "unseen";

  private static final String HASH = "hash";
  private static final String COMMIT = "commit";
  private static final String RUN_AS = "run_as";
  private static final String REMARKS = "remarks";

  /** SHA-256 of the code that its tasks run. */
  private static final String CODE = "code";

  private static final String PROMOTION = "promotion";
  private static final String EFFECT = "effect";
  private static final String BEFORE = "before";

  /** Hash of the settings as the change left them: those of a paused job aren't those that last. */
  private static final String MADE = "made";

  /** Hash of the settings of a paused job as they are. */
  private static final String STORED = "stored";

  private static final String RESUMES = "resumes";
  private static final String UNDO = "undo";

  private static final int MOST_CODE = 8;

  private Jobs() {}

  /**
   * A job as it is found. That a promotion has paused it until its champion moves is no part of its
   * state: a release describes the job as it is from then on.
   */
  static LiveState state(LiveRef ref, JobState job) {
    boolean theirs = isTheirs(ref.values());
    Map<String, String> values = new HashMap<>();
    put(values, NAME, theirs ? ref.value(NAME) : job.name());
    put(values, MODEL, ref.value(MODEL));
    put(values, TABLE, ref.value(TABLE));
    put(values, THEIRS, theirs ? "true" : null);
    put(values, ID, Long.toString(job.jobId()));
    put(values, HASH, job.lastingHash());
    put(values, COMMIT, job.commit());
    put(values, RUN_AS, job.runAs());
    put(values, PROMOTION, job.promotion());
    put(values, REMARKS, job.remarks() == null ? null : String.join("\n", job.remarks()));
    put(values, CODE, job.code() == null ? null : job.code().sha256());
    return new LiveState(
        ref.thing(), true, job.modelVersion(), theirs ? theirText(job) : text(job), values, null);
  }

  /** The same with what a promotion has paused, by which somebody else's change is noticed. */
  static LiveState seen(LiveRef ref, JobState job) {
    LiveState state = state(ref, job);
    if (job.resumes() == null) {
      return state;
    }
    Map<String, String> values = new HashMap<>(state.values());
    put(values, STORED, job.settingsHash());
    return new LiveState(
        state.thing(), true, state.version(), state.text(), values, state.settings());
  }

  /** Whether a job is as a change left it, to the last setting. */
  static boolean isAsMade(LiveChange change, LiveState now) {
    String ordered = change.undo().get(MADE);
    String made = ordered == null ? change.now().value(HASH) : ordered;
    String stored = now.value(STORED);
    String is = stored == null ? now.value(HASH) : stored;
    return change.now().present().equals(now.present())
        && Objects.equals(change.now().value(ID), now.value(ID))
        && Objects.equals(made, is)
        && isSameCode(change.now(), now);
  }

  /** Whether two states run the same code, as far as both say. */
  static boolean isSameCode(LiveState one, LiveState other) {
    String code = one.value(CODE);
    String others = other.value(CODE);
    return code == null || others == null || code.equals(others);
  }

  /** There is none. */
  static LiveState none(LiveRef ref, @Nullable Long unseen) {
    Map<String, String> values = new HashMap<>(ref.values());
    values.remove(REGISTERED);
    put(values, UNSEEN, unseen == null ? null : Long.toString(unseen));
    return new LiveState(ref.thing(), false, null, noJob(unseen), values, null);
  }

  /** The job of a state, as far as it says; null for none. */
  static @Nullable JobState job(LiveState state) {
    String id = state.value(ID);
    if (!state.present() || id == null) {
      return null;
    }
    String remarks = state.value(REMARKS);
    return JobState.of(
            Long.parseLong(id),
            Objects.requireNonNullElse(state.value(NAME), ""),
            Objects.requireNonNullElse(state.value(HASH), ""))
        .scores(state.version(), state.value(COMMIT))
        .madeBy(state.value(PROMOTION), null, null)
        .runAs(state.value(RUN_AS))
        .remarks(remarks == null ? null : List.of(remarks.split("\n", -1)))
        .build();
  }

  /**
   * What a change made of a job.
   *
   * @param seen as it was read before
   */
  static LiveChange change(LiveRef ref, LiveState seen, JobChange change) {
    if (change.effect() == JobChange.Effect.NOT_KNOWN) {
      return notKnown(ref, seen, change);
    }
    LiveState now = state(ref, change.now()).with(change.settings());
    LiveState before =
        switch (change.effect()) {
          case UNCHANGED -> now;
          case CREATED -> none(ref, null);
          case RESET -> {
            LiveState found = seen.present() ? seen : known(ref, change);
            Map<String, String> values = new HashMap<>(found.values());
            put(values, HASH, change.previousHash());
            yield new LiveState(
                ref.thing(), true, found.version(), found.text(), values, change.before());
          }
          case NOT_KNOWN -> seen;
        };
    Map<String, String> undo = new HashMap<>();
    undo.put(EFFECT, change.effect().name());
    put(undo, BEFORE, change.previousHash());
    put(undo, UNDO, change.undoUri());
    put(undo, MADE, change.now().settingsHash());
    put(undo, RESUMES, change.now().resumes());
    return new LiveChange(before, now, undo);
  }

  private static LiveChange notKnown(LiveRef ref, LiveState seen, JobChange change) {
    LiveState now =
        new LiveState(
            ref.thing(),
            true,
            null,
            "job " + change.now().name() + ", which may have been changed,",
            state(ref, change.now()).values(),
            null);
    return new LiveChange(seen, now, Map.of(EFFECT, change.effect().name()));
  }

  /** A list was behind: of what the change found, only its settings are known. */
  private static LiveState known(LiveRef ref, JobChange change) {
    return new LiveState(
        ref.thing(),
        true,
        null,
        "job " + change.now().jobId() + " as it was",
        Map.of(
            NAME,
            change.now().name(),
            MODEL,
            Objects.requireNonNullElse(ref.value(MODEL), ""),
            ID,
            Long.toString(change.now().jobId())),
        null);
  }

  /** What has to be undone of a change. */
  static JobChange undo(LiveChange change) {
    JobState now = Objects.requireNonNull(job(change.now()), "it was changed, so it was there");
    String made = change.undo().get(MADE);
    return new JobChange(
        made == null ? now : now.hashed(made),
        JobChange.Effect.valueOf(
            Objects.requireNonNullElse(
                change.undo().get(EFFECT), JobChange.Effect.UNCHANGED.name())),
        change.undo().get(BEFORE),
        change.undo().get(UNDO));
  }

  /** Whether a change paused what starts the job until the champion has moved. */
  static boolean isPaused(LiveChange change) {
    return change.undo().get(RESUMES) != null;
  }

  static boolean isTheirs(Map<String, String> values) {
    return "true".equals(values.get(THEIRS));
  }

  /** Whether two states are the same for all that no promotion changes. */
  static boolean sameForTheRest(LiveState one, LiveState other) {
    return Objects.equals(one.value(ID), other.value(ID))
        && Objects.equals(one.value(RUN_AS), other.value(RUN_AS))
        && Objects.equals(one.value(REMARKS), other.value(REMARKS));
  }

  /** Whether a promotion made it what it is. */
  static boolean isPromoted(LiveState state) {
    return state.value(PROMOTION) != null;
  }

  static boolean hasRemarks(LiveState state) {
    return state.value(REMARKS) != null;
  }

  static @Nullable String runAs(LiveState state) {
    return state.value(RUN_AS);
  }

  private static void put(Map<String, String> values, String name, @Nullable String value) {
    if (value != null) {
      values.put(name, value);
    }
  }

  private static String text(JobState job) {
    String version =
        job.modelVersion() == null ? "an unnamed version" : "version " + job.modelVersion();
    return "job " + job.jobId() + " with " + version + at(" at ", job) + rest(job);
  }

  /** Whoever approves it approves these settings: at the turn they still have to be the same. */
  private static String theirText(JobState job) {
    return "job "
        + job.jobId()
        + ", settings "
        + shorten(job.settingsHash())
        + at(", at ", job)
        + rest(job);
  }

  private static String at(String before, JobState job) {
    return job.commit() == null ? "" : before + shorten(job.commit());
  }

  private static String rest(JobState job) {
    return (job.runAs() == null ? "" : ", runs as " + job.runAs())
        + (job.remarks() == null ? "" : "; " + String.join("; ", job.remarks()))
        + code(job.code());
  }

  /** A commit says which code that is; whoever approves the rest approves it by its hash. */
  private static String code(@Nullable JobCode code) {
    List<String> outside = code == null ? List.of() : code.outsideOfCommits();
    return outside.isEmpty() ? "" : "; " + Bounded.listed(outside, "; ", MOST_CODE);
  }

  /** If a job may only be hidden, a second one would score alongside it: approvers are told. */
  private static String noJob(@Nullable Long unseen) {
    return unseen == null
        ? "nothing"
        : "nothing that this login sees; job "
            + unseen
            + " of the last release was deleted, or is hidden from this login and would go on"
            + " beside the new one";
  }

  static String shorten(String commit) {
    return commit.substring(0, Math.min(12, commit.length()));
  }
}
