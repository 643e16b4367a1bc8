package dev.portage.databricks;

import dev.portage.failure.FailureKind;
import dev.portage.registry.Tags;
import dev.portage.text.Bounded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one job of a given name that belongs to a model. Names need not be unique, and a clone
 * has the original's tags: so if another job could be the model's, it is named and everything stops
 * before anything changes.
 */
final class SoleJob {
  /** Of others that are listed. */
  private static final int MOST_NAMED = 10;

  /** Jobs of other names are searched for among the newest 5,000. */
  private static final int MOST_PAGES = 50;

  private final StoredJobs jobs;
  private final @Nullable String registered;

  SoleJob(StoredJobs jobs) {
    this(jobs, null);
  }

  /** With the full name of the registered model, for messages. */
  SoleJob(StoredJobs jobs, @Nullable String registered) {
    this.jobs = jobs;
    this.registered = registered;
  }

  /**
   * The jobs of that name and model, lowest id first: the one in use, followed only by those that a
   * promotion created additionally because a response was lost.
   *
   * @param promotion the promotion that searches; null for none
   */
  List<StoredJob> ours(String name, String model, @Nullable String promotion) {
    List<StoredJob> ours = new ArrayList<>();
    List<StoredJob> untagged = new ArrayList<>();
    String others = null;
    boolean isNobodys = false;
    for (StoredJob job : jobs.named(name)) {
      String owner = JobTags.model(job.settings());
      Map<String, String> tags = JobTags.all(job.settings());
      if (JobTags.isElsewhere(tags, jobs.neighbours())) {
        others =
            "job "
                + job.id()
                + " has that name but belongs to workspace "
                + tags.get(Tags.WORKSPACE)
                + " of the platform file";
      } else if (JobTags.isOfModel(job.settings(), model)) {
        ours.add(job);
      } else if (owner == null) {
        isNobodys = true;
        untagged.add(job);
        others = "job " + job.id() + " has that name but lacks the tag " + Tags.MODEL;
      } else {
        others = "job " + job.id() + " has that name but belongs to model " + owner;
      }
    }
    if (ours.isEmpty() && others != null) {
      refuseKept(name, untagged);
      throw jobs.failure(
          FailureKind.USER,
          "find job " + name,
          others,
          (isNobodys
                  ? "If it scores with what is live, hand it to Portage: "
                      + AdoptHint.command(model, registered, jobs.workspace(), "--job", name)
                      + ". Otherwise rename or delete it,"
                  : "Rename or delete that job,")
              + " or name another in promotion.yaml (batch: job).");
    }
    refuseClones(name, model, promotion, ours);
    refuseKept(name, ours);
    return ours;
  }

  /**
   * Those that a promotion created in addition to the one in use, because it got no response. A job
   * changed by a reset existed before, and one by another creator is someone's clone.
   */
  static boolean isTwin(StoredJob job, StoredJob kept, @Nullable String promotion) {
    if (promotion == null
        || !JobTags.isOf(job.settings(), promotion)
        || !JobTags.isCreated(job.settings())) {
      return false;
    }
    return !JobTags.isOf(kept.settings(), promotion)
        || Objects.equals(job.creator(), kept.creator());
  }

  private void refuseClones(
      String name, String model, @Nullable String promotion, List<StoredJob> ours) {
    if (ours.size() < 2) {
      return;
    }
    StoredJob kept = ours.getFirst();
    List<StoredJob> clones =
        ours.stream().skip(1).filter(job -> !isTwin(job, kept, promotion)).toList();
    if (!clones.isEmpty()) {
      throw jobs.failure(
          FailureKind.USER,
          "find job " + name,
          "jobs "
              + kept.id()
              + " and "
              + Bounded.listed(
                  clones.stream().map(job -> Long.toString(job.id())).toList(), ", ", MOST_NAMED)
              + " all have that name and the tags of model "
              + model
              + ", as clones do; each would score on its own schedule",
          "Keep one and delete the others, for example: databricks jobs delete "
              + clones.getLast().id()
              + ", or remove the tag "
              + Tags.MODEL
              + " from it. Nothing was changed.");
    }
  }

  private void refuseKept(String name, List<StoredJob> ours) {
    for (StoredJob job : ours) {
      String keeper = job.keeper();
      if (keeper != null) {
        throw jobs.failure(
            FailureKind.USER,
            "find job " + name,
            "job "
                + job.id()
                + " is "
                + keeper
                + ": the next deployment would take Portage's settings back, and a promotion those of"
                + " the deployment",
            "Have Portage run it as it is, with parameters alone: in promotion.yaml, batch with job: "
                + Bounded.line(name, Bounded.NAME)
                + " and without notebook, script or wheel. Or remove the job, or its tag "
                + Tags.MODEL
                + ", from what deploys it and redeploy, or name another job in promotion.yaml"
                + " (batch: job). Nothing was changed.");
      }
    }
  }

  /**
   * What approvers must know about the model's other jobs: those of another name that run on their
   * own schedule, and will continue to. A clone is refused under another name as well.
   */
  List<String> others(StoredJob kept, String model) {
    String tried = "find other jobs of model " + model;
    List<StoredJobs.Listed> running =
        running(tried, model).stream()
            .filter(job -> job.id() != kept.id())
            .filter(job -> !job.name().equals(kept.settings().path("name").asText()))
            .toList();
    for (StoredJobs.Listed job : running) {
      if (JobTags.sameChange(job.tags(), JobTags.all(kept.settings()))) {
        throw jobs.failure(
            FailureKind.USER,
            tried,
            "job "
                + job.id()
                + " ("
                + Bounded.line(job.name(), Bounded.NAME)
                + ") is a clone of job "
                + kept.id()
                + ", tags included, and scores on its own schedule",
            "Pause its schedule, delete it with databricks jobs delete "
                + job.id()
                + ", or remove the tag "
                + Tags.MODEL
                + " from it. Nothing was changed.");
      }
    }
    return running.isEmpty()
        ? List.of()
        : List.of(named(running) + " of this model runs by itself too, and stays as it is");
  }

  /**
   * Refuses if no job has the name in the file but one of another name runs on its own schedule: it
   * was the model's until it or the file was renamed, and would keep scoring with the old version.
   */
  void refuseFormer(String name, String model) {
    String tried = "find other jobs of model " + model;
    // A list may still show one that is gone.
    List<StoredJobs.Listed> running =
        running(tried, model).stream().filter(job -> !job.name().equals(name)).toList();
    if (!running.isEmpty()) {
      StoredJobs.Listed first = running.getFirst();
      throw jobs.failure(
          FailureKind.USER,
          tried,
          "no job is named "
              + Bounded.line(name, Bounded.NAME)
              + ", but "
              + named(running)
              + " has the tag "
              + Tags.MODEL
              + " of this model and its own schedule; next to a new job it would keep scoring with its version",
          "To keep using it, rename job "
              + first.id()
              + " to that name, or name it in promotion.yaml (batch: job). Otherwise delete it, for example with databricks jobs delete "
              + first.id()
              + ", or pause it; if you want both jobs, pause it until this promotion is released. If it"
              + " is another workspace's of the platform file, tag it "
              + Tags.WORKSPACE
              + " with that one's name."
              + " Nothing was changed.");
    }
  }

  /** Jobs of the model, of any name, that no person has to start; lowest id first. */
  private List<StoredJobs.Listed> running(String tried, String model) {
    return jobs.newest(tried, MOST_PAGES).stream()
        .filter(job -> job.runsByItself() && JobTags.isOfModel(job.tags(), model))
        .filter(job -> !JobTags.isElsewhere(job.tags(), jobs.neighbours()))
        .sorted(Comparator.comparingLong(StoredJobs.Listed::id))
        .toList();
  }

  private static String named(List<StoredJobs.Listed> running) {
    return Bounded.listed(
        running.stream().map(job -> "job " + job.id() + " (" + job.name() + ")").toList(),
        ", ",
        MOST_NAMED);
  }
}
