package dev.portage.promotion;

import dev.portage.job.JobActivities;
import dev.portage.job.JobQuery;
import dev.portage.job.JobState;
import dev.portage.plan.LiveActivities;
import dev.portage.plan.LiveQuery;
import dev.portage.plan.LiveSeen;
import dev.portage.registry.Champion;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import io.temporal.failure.ApplicationFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is live in the fake world, read one by one. */
record FakeLive(RegistryActivities registry, JobActivities jobs, ReleaseActivities releases)
    implements LiveActivities {

  @Override
  public LiveSeen lookUnderTurn(LiveQuery query) {
    @Nullable Champion champion = registry.champion(query.champion()).orElse(null);
    @Nullable JobState job = null;
    @Nullable Long unseen = null;
    JobQuery asked = query.job();
    if (asked != null) {
      job = jobs.findJob(asked).orElse(null);
      @Nullable Long recorded =
          job == null && champion != null && !asked.asksForTheirs()
              ? recorded(champion.version()).map(Release::jobId).orElse(null)
              : null;
      if (recorded != null) {
        try {
          job = jobs.findJob(asked.recordedAs(recorded)).orElse(null);
        } catch (ApplicationFailure hidden) {
          unseen = recorded;
        }
      }
    }
    ModelVersion ours = registry.version(query.version());
    boolean released =
        Tags.recordRelease(ours.tags())
            || recorded(ours)
                .filter(one -> one.isOf(query.promotion(), ours.workspace(), ours.version()))
                .isPresent();
    if (query.settle() != null) {
      registry.settleVersion(query.settle());
    }
    return new LiveSeen(champion, job, unseen, released);
  }

  private Optional<Release> recorded(ModelVersion version) {
    String run = version.runId();
    return run == null
        ? Optional.empty()
        : releases.recorded(new RecordQuery(version.workspace(), run));
  }
}
