package dev.portage.adopt;

import dev.portage.activity.Stubs;
import dev.portage.live.LiveState;
import dev.portage.live.LiveStates;
import dev.portage.release.Release;
import dev.portage.settings.Station;
import dev.portage.settings.Station.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The job that scores with what is live. */
final class AdoptableJob implements Adoptable {

  @Override
  public String thing() {
    return LiveStates.job();
  }

  @Override
  public String plural() {
    return "jobs";
  }

  @Override
  public String option() {
    return "--job";
  }

  @Override
  public Capability capability() {
    return Capability.RUN_JOBS;
  }

  @Override
  public AdoptedThing find(AdoptContext context, String named) {
    return adopted(
        context, jobs(context, "find job " + named).findJobToAdopt(order(context, named)));
  }

  @Override
  public boolean isSame(LiveState recorded, AdoptedThing found) {
    String id = LiveStates.jobId(recorded);
    return id == null || found.id().equals(id);
  }

  /** Its settings are stored with its tags, so that a rollback restores both. */
  @Override
  public AdoptedThing store(AdoptContext context, AdoptedThing found) {
    return found;
  }

  @Override
  public AdoptedThing tag(AdoptContext context, AdoptedThing stored) {
    return adopted(
        context, jobs(context, "tag " + stored.shown()).adoptJob(order(context, stored.id())));
  }

  @Override
  public void untag(AdoptContext context, AdoptedThing tagged) {
    jobs(context, "remove the tags of " + tagged.shown()).untagJob(order(context, tagged.id()));
  }

  @Override
  public String byHand(AdoptedThing tagged) {
    return "databricks jobs get " + tagged.id() + ", and remove its tag portage_model";
  }

  @Override
  public void record(Release.Builder release, LiveState state) {
    LiveStates.recordJob(release, state);
  }

  @Override
  public Optional<String> without(Station target) {
    return Optional.of(
        "no scoring job is recorded, so a rollback to this release changes none; if one scores"
            + " with it, name it: --job NAME");
  }

  private static AdoptedThing adopted(AdoptContext context, AdoptedJob job) {
    String shown = "job " + job.state().jobId() + " (" + job.state().name() + ")";
    List<String> remarks = new ArrayList<>();
    if (job.keeper() != null) {
      remarks.add(
          shown
              + " is "
              + job.keeper()
              + ": it is recorded, but not tagged, since the next deployment would take the tag"
              + " away; a promotion does not change its settings");
    }
    String scores = job.state().modelVersion();
    if (scores != null && !context.version().equals(scores)) {
      remarks.add(
          shown + " says that it scores with version " + scores + "; it is recorded as it is");
    }
    return new AdoptedThing(
        Long.toString(job.state().jobId()),
        shown,
        job.tagged(),
        job.keeper(),
        LiveStates.job(
            context.model(),
            context.target().marking(),
            job.state(),
            job.keeper() != null,
            job.settings()),
        remarks);
  }

  private static AdoptJobOrder order(AdoptContext context, String job) {
    return new AdoptJobOrder(
        context.workspace(), context.model(), job, context.key(), context.grant());
  }

  private static AdoptJobActivities jobs(AdoptContext context, String summary) {
    return Stubs.quick(AdoptJobActivities.class, context.queue(), context.retryTimeout(), summary);
  }
}
