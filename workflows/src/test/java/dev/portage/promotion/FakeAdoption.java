package dev.portage.promotion;

import dev.portage.adopt.AdoptJobActivities;
import dev.portage.adopt.AdoptJobOrder;
import dev.portage.adopt.AdoptSettings;
import dev.portage.adopt.AdoptSettingsActivities;
import dev.portage.adopt.AdoptStart;
import dev.portage.adopt.AdoptedJob;
import dev.portage.job.JobState;
import dev.portage.live.SettingsRef;
import dev.portage.registry.Marking;
import dev.portage.settings.Station;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an adoption needs besides what a promotion does: a platform file, and a job of nobody's. */
final class FakeAdoption implements AdoptSettingsActivities, AdoptJobActivities {

  private final FakeWorld world;

  /** Who deploys the job; null for nobody. */
  volatile @Nullable String keeper;

  /** Whether the job has the model's tag. */
  volatile boolean tagged;

  FakeAdoption(FakeWorld world) {
    this.world = world;
  }

  @Override
  public AdoptSettings adoptSettings(AdoptStart start) {
    return new AdoptSettings(
        "diabetes",
        new Station(
            start.workspace(),
            "databricks",
            Set.of(Station.Capability.values()),
            "diabetes",
            Marking.ALIASES),
        Duration.ofMinutes(10));
  }

  @Override
  public AdoptedJob findJobToAdopt(AdoptJobOrder order) {
    if (!order.job().equals("nightly") && !order.job().equals("11")) {
      throw FakeWorld.userFault("there is no job with that name that the login can see");
    }
    return job(null);
  }

  @Override
  public AdoptedJob adoptJob(AdoptJobOrder order) {
    world.effect("adoptJob", "tag job " + order.job() + " as " + order.model());
    tagged = tagged || keeper == null;
    return job(new SettingsRef("mlflow-artifacts:/9/settings.json", "c".repeat(64)));
  }

  private AdoptedJob job(@Nullable SettingsRef settings) {
    return new AdoptedJob(
        JobState.of(11, "nightly", "b".repeat(64)).runAs("scoring@example.com").build(),
        tagged,
        keeper,
        settings);
  }
}
