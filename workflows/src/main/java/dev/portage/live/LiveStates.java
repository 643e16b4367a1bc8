package dev.portage.live;

import dev.portage.job.JobState;
import dev.portage.registry.Marking;
import dev.portage.release.Release;
import dev.portage.serving.EndpointState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** States of what no hop has changed, as of what is adopted. */
public final class LiveStates {

  private LiveStates() {}

  /**
   * A champion.
   *
   * @param marking how its registry marks it
   */
  public static LiveState champion(String version, Marking marking) {
    return new LiveState(
        ChampionThing.NAME,
        true,
        version,
        "version " + version,
        Map.of("mark", marking.live()),
        null);
  }

  /**
   * A scoring job.
   *
   * @param model name that the job's tag has, as in promotion.yaml
   * @param theirs whether somebody else deploys the job, so that its settings stay as they are
   * @param settings its full settings; null where they are not stored
   */
  public static LiveState job(
      String model, Marking marking, JobState job, boolean theirs, @Nullable SettingsRef settings) {
    Map<String, String> values = new HashMap<>();
    values.put(Jobs.NAME, theirs ? Long.toString(job.jobId()) : job.name());
    values.put(Jobs.MODEL, model);
    if (theirs) {
      values.put(Jobs.THEIRS, "true");
    }
    LiveRef ref = new LiveRef(ScoringJobThing.NAME, "", "", marking, null, values, null);
    return Jobs.state(ref, job).with(settings);
  }

  /**
   * A serving endpoint.
   *
   * @param settings its full settings; null where they are not stored
   */
  public static LiveState endpoint(EndpointState endpoint, @Nullable SettingsRef settings) {
    return Endpoints.shown(Endpoints.state(ServingThing.NAME, endpoint), endpoint).with(settings);
  }

  /** Name of the scoring job among live things. */
  public static String job() {
    return ScoringJobThing.NAME;
  }

  /** Name of the serving endpoint among live things. */
  public static String endpoint() {
    return ServingThing.NAME;
  }

  /** The id of a scoring job; null where it is not known. */
  public static @Nullable String jobId(LiveState job) {
    JobState known = Jobs.job(job);
    return known == null ? null : Long.toString(known.jobId());
  }

  /** The name of a serving endpoint; null where it is not known. */
  public static @Nullable String endpointName(LiveState endpoint) {
    return endpoint.value(Endpoints.ENDPOINT);
  }

  /** Where a serving endpoint takes requests; null where it is not known. */
  public static @Nullable String endpointAddress(LiveState endpoint) {
    return endpoint.value(Endpoints.ADDRESS);
  }

  /** Whether it answered them when that was recorded, in the workspace's word; null likewise. */
  public static @Nullable String endpointReady(LiveState endpoint) {
    return endpoint.value(Endpoints.READY);
  }

  /** The serving endpoint among the things of a release; null for none. */
  public static @Nullable LiveState endpointOf(Release release) {
    return ReleasedEndpoint.of(release.states());
  }

  /** States in the order in which a hop changes them: of two of the same thing the later counts. */
  public static List<LiveState> inOrder(List<LiveState> states) {
    List<String> names = LiveThings.known().all().stream().map(LiveThing::name).toList();
    Map<String, LiveState> byThing = new HashMap<>();
    states.forEach(state -> byThing.put(state.thing(), state));
    List<LiveState> ordered = new ArrayList<>(byThing.values());
    ordered.sort(Comparator.comparingInt(state -> names.indexOf(state.thing())));
    return List.copyOf(ordered);
  }

  /** Fills in what records of releases had fields for before they had states. */
  public static void recordJob(Release.Builder release, LiveState job) {
    JobState known = Jobs.job(job);
    if (known != null) {
      release.job(known.jobId(), known.runAs());
    }
  }
}
