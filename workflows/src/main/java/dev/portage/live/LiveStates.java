package dev.portage.live;

import dev.portage.job.JobState;
import dev.portage.registry.Marking;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** States of what no hop has changed, as of what is adopted. */
public final class LiveStates {

  private LiveStates() {}

  /**
   * A model and the job that scores with it, in the order of {@link LiveThings}.
   *
   * @param version version that is champion
   * @param marking how its registry marks it
   * @param model name that the job's tag has, as in promotion.yaml
   * @param job null for none
   * @param theirs whether somebody else deploys the job, so that its settings stay as they are
   * @param settings its full settings; null where they are not stored
   */
  public static List<LiveState> of(
      String version,
      Marking marking,
      String model,
      @Nullable JobState job,
      boolean theirs,
      @Nullable SettingsRef settings) {
    LiveState champion =
        new LiveState(
            ChampionThing.NAME,
            true,
            version,
            "version " + version,
            Map.of("mark", marking.live()),
            null);
    if (job == null) {
      return List.of(champion);
    }
    Map<String, String> values = new HashMap<>();
    values.put(Jobs.NAME, theirs ? Long.toString(job.jobId()) : job.name());
    values.put(Jobs.MODEL, model);
    if (theirs) {
      values.put(Jobs.THEIRS, "true");
    }
    LiveRef ref = new LiveRef(ScoringJobThing.NAME, "", "", marking, null, values, null);
    return List.of(Jobs.state(ref, job).with(settings), champion);
  }
}
