package dev.portage.promotion;

import dev.portage.job.JobActivities;
import dev.portage.job.SettingChange;
import dev.portage.live.LiveActivities;
import dev.portage.live.LiveQuery;
import dev.portage.live.LiveRef;
import dev.portage.live.LiveSeen;
import dev.portage.live.LiveState;
import dev.portage.live.LiveThings;
import dev.portage.live.Look;
import dev.portage.registry.Champion;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionQuery;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.serving.EndpointActivities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is live in the fake world, read one by one.
 *
 * @param activities by their interfaces
 */
record FakeLive(LiveThings things, Map<Class<?>, Object> activities) implements LiveActivities {

  FakeLive(
      RegistryActivities registry,
      JobActivities jobs,
      ReleaseActivities releases,
      EndpointActivities endpoints) {
    this(
        LiveThings.known(),
        Map.of(
            EndpointActivities.class, endpoints,
            RegistryActivities.class, registry,
            JobActivities.class, jobs,
            ReleaseActivities.class, releases));
  }

  @Override
  public LiveSeen look(LiveQuery query) {
    Optional<Champion> champion = by(RegistryActivities.class).champion(query.model());
    Look look =
        new Look() {
          @Override
          public <T> T by(Class<T> type, String what) {
            return FakeLive.this.by(type);
          }

          @Override
          public Optional<Champion> champion() {
            return champion;
          }
        };
    List<LiveState> states = new ArrayList<>();
    @Nullable List<SettingChange> settings = null;
    for (LiveRef ref : query.things()) {
      LiveState state = things.observe(ref, look);
      states.add(state);
      try {
        List<SettingChange> changes = things.differences(ref, state, look);
        settings = changes == null ? settings : changes;
      } catch (RuntimeException notShown) {
        settings = null;
      }
    }
    Boolean released = isReleased(query);
    List<String> removed =
        query.settle() == null
            ? List.of()
            : by(RegistryActivities.class).settleVersion(query.settle()).removed();
    List<String> left =
        query.model().withVersions() == null
            ? List.of()
            : champion
                .flatMap(one -> recorded(one.version()))
                .map(release -> things.leftBehind(release, query, look))
                .orElse(List.of());
    return new LiveSeen(states, champion.orElse(null), released, settings)
        .settling(removed)
        .leaving(left);
  }

  private @Nullable Boolean isReleased(LiveQuery query) {
    VersionQuery version = query.version();
    if (version == null) {
      return null;
    }
    ModelVersion ours = by(RegistryActivities.class).version(version);
    return Tags.recordRelease(ours.tags())
        || recorded(ours)
            .filter(one ->
                one.isOf(String.valueOf(query.promotion()), ours.workspace(), ours.version()))
            .isPresent();
  }

  private Optional<Release> recorded(ModelVersion version) {
    String run = version.runId();
    return run == null
        ? Optional.empty()
        : by(ReleaseActivities.class).recorded(new RecordQuery(version.workspace(), run));
  }

  private <T> T by(Class<T> type) {
    return Objects.requireNonNull(type.cast(activities.get(type)), type.getName());
  }
}
