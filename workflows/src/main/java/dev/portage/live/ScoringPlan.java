package dev.portage.live;

import dev.portage.plan.Action;
import dev.portage.plan.Planner;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Work;
import dev.portage.text.Bounded;
import java.util.List;

/**
 * What people read of batch scoring before they approve: the job, the table that it writes, and
 * what is not checked or not of the commit. Pure.
 */
record ScoringPlan(PlannedHop hop, BatchSettings batch) {

  /** How many files outside the commit a plan names, at most. */
  private static final int MOST_NAMED = 5;

  /**
   * What becomes of the job.
   *
   * @param step name of the step, such as "batch"
   * @param now the job as it is
   */
  Action job(String step, LiveState now) {
    String where = hop.target().workspace();
    return new Action(
        where + "/" + step,
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
                + into()
                + byFile()
                // A reset replaces all of a job's settings except this one.
                + (Jobs.runAs(now) == null ? "" : ", still as " + Jobs.runAs(now)));
  }

  /** Code that is not of the commit may be different at each run. */
  private String byFile() {
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

  private String into() {
    return switch (batch.checked()) {
      case ROWS -> " into " + batch.table();
      case TABLE -> " into " + batch.table() + ", whose rows are not checked (batch.verify: table)";
      case NONE -> "; what it writes is not checked (batch.verify: none)";
    };
  }

  /** The predictions that become visible once everything is live; empty if the job writes them. */
  List<Action> published() {
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
}
