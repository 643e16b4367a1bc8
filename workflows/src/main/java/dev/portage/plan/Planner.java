package dev.portage.plan;

import dev.portage.candidate.ManifestRef;
import dev.portage.job.JobState;
import dev.portage.job.Source;
import dev.portage.registry.Champion;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Draws up what a hop will change. Pure: the caller passes in what is live now. */
public final class Planner {

  /** Placeholder for the version that the hop will create, whose number the registry assigns. */
  public static final String NEW_VERSION = "<new version>";

  /** Placeholder for the existing versions, on which no plan depends. */
  static final String VERSIONS = "its versions";

  private Planner() {}

  /**
   * What is live now, as far as a plan depends on it.
   *
   * @param champion the target's champion, null for none
   * @param job the target's batch job, null for none
   * @param unseen id of the job that the release before recorded, where the workspace does not say
   *     whether it was deleted or is hidden from the login; null otherwise
   */
  public record Now(@Nullable Champion champion, @Nullable JobState job, @Nullable Long unseen) {

    /** What is now, all of it seen. */
    public Now(@Nullable Champion champion, @Nullable JobState job) {
      this(champion, job, null);
    }

    /** The champion's version, null for none. */
    public @Nullable String championVersion() {
      return champion == null ? null : champion.version().version();
    }

    /** The same, with no more details than another read has. */
    public Now asKnownTo(Now look) {
      return job == null ? this : new Now(champion, job.asKnownTo(look.job()));
    }

    /**
     * The same with the job as an earlier look saw it, where nothing but the champion's own release
     * has changed it since: it scores with that version, and it is the same job for the rest.
     */
    public Now withoutTheChampionsJob(Now earlier) {
      if (job == null || job.promotion() == null || champion == null) {
        return this;
      }
      JobState before = earlier.job();
      boolean sameForTheRest =
          before == null
              ? job.remarks() == null
              : before.jobId() == job.jobId()
                  && Objects.equals(before.runAs(), job.runAs())
                  && Objects.equals(before.remarks(), job.remarks());
      return sameForTheRest && Objects.equals(job.modelVersion(), championVersion())
          ? new Now(champion, before)
          : this;
    }
  }

  /**
   * The plan of one hop.
   *
   * @param manifest the candidate's files, null before it is registered
   */
  public static Plan plan(
      Settings settings,
      Station target,
      Now now,
      @Nullable Source source,
      @Nullable ManifestRef manifest) {
    String where = target.workspace();
    List<Action> actions = new ArrayList<>();
    actions.add(
        new Action(
            where + "/copy",
            "files in " + where,
            "nothing",
            "the candidate's: " + files(manifest)));
    actions.add(
        new Action(
            where + "/register",
            "registered model " + target.model() + " in " + where,
            VERSIONS,
            "and " + NEW_VERSION));
    BatchSettings batch = settings.batchAt(target);
    if (batch != null) {
      actions.add(
          new Action(
              where + "/batch",
              "job " + batch.job() + " in " + where,
              now.job() == null
                  ? noJob(now.unseen())
                  : batch.isTheirJob() ? theirJobText(now.job()) : jobText(now.job()),
              batch.isTheirJob()
                  ? "runs once with "
                      + NEW_VERSION
                      + " into "
                      + batch.table()
                      + "; its settings stay as they are, so there is nothing to put back"
                  : "scores with "
                      + NEW_VERSION
                      + (source == null ? "" : " at " + shorten(source.commit()))
                      + into(batch)
                      + stillAs(now.job())));
    }
    String champion = now.championVersion();
    actions.add(
        new Action(
            where + "/champion",
            target.marking().live() + " of " + target.model() + " in " + where,
            champion == null ? "nothing" : "version " + champion,
            NEW_VERSION));
    // Decisions of promotions that began under an earlier release are bound to a plan without it.
    if (batch != null
        && !batch.isTheirJob()
        && batch.checked().isOfRows()
        && settings.rehearsal() != null) {
      actions.add(
          new Action(
              where + "/publish",
              "table " + batch.table() + " in " + where,
              "its present rows",
              "plus those that " + NEW_VERSION + " has scored, added by one statement"));
    }
    Champion live = now.champion();
    return new Plan(where, actions, live == null ? null : live.versions());
  }

  /** Whether two plans differ in nothing but which version is champion now. */
  public static boolean sameButChampion(Plan one, Plan other) {
    return withoutChampion(one).equals(withoutChampion(other));
  }

  private static List<Action> withoutChampion(Plan plan) {
    String step = plan.target() + "/champion";
    return plan.actions().stream().filter(action -> !action.step().equals(step)).toList();
  }

  private static String files(@Nullable ManifestRef manifest) {
    return manifest == null
        ? "<its files>"
        : manifest.files()
            + " files, "
            + manifest.bytes()
            + " bytes, digest "
            + manifest.shortDigest();
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

  private static String jobText(JobState job) {
    String version =
        job.modelVersion() == null ? "an unnamed version" : "version " + job.modelVersion();
    return "job "
        + job.jobId()
        + " with "
        + version
        + (job.commit() == null ? "" : " at " + shorten(job.commit()))
        + (job.runAs() == null ? "" : ", runs as " + job.runAs())
        + (job.remarks() == null ? "" : "; " + String.join("; ", job.remarks()));
  }

  /** Whoever approves it approves these settings: at the turn they still have to be the same. */
  private static String theirJobText(JobState job) {
    return "job "
        + job.jobId()
        + ", settings "
        + shorten(job.settingsHash())
        + (job.commit() == null ? "" : ", at " + shorten(job.commit()))
        + (job.runAs() == null ? "" : ", runs as " + job.runAs())
        + (job.remarks() == null ? "" : "; " + String.join("; ", job.remarks()));
  }

  private static String into(BatchSettings batch) {
    return switch (batch.checked()) {
      case ROWS -> " into " + batch.table();
      case TABLE -> " into " + batch.table() + ", whose rows are not checked (batch.verify: table)";
      case NONE -> "; what it writes is not checked (batch.verify: none)";
    };
  }

  /** A reset changes all of a job but this. */
  private static String stillAs(@Nullable JobState job) {
    return job == null || job.runAs() == null ? "" : ", still as " + job.runAs();
  }

  private static String shorten(String commit) {
    return commit.substring(0, Math.min(12, commit.length()));
  }
}
