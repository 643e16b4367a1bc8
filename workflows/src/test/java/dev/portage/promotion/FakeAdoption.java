package dev.portage.promotion;

import dev.portage.adopt.AdoptEndpointActivities;
import dev.portage.adopt.AdoptEndpointOrder;
import dev.portage.adopt.AdoptJobActivities;
import dev.portage.adopt.AdoptJobOrder;
import dev.portage.adopt.AdoptSettings;
import dev.portage.adopt.AdoptSettingsActivities;
import dev.portage.adopt.AdoptStart;
import dev.portage.adopt.AdoptedEndpoint;
import dev.portage.adopt.AdoptedJob;
import dev.portage.job.JobState;
import dev.portage.live.SettingsRef;
import dev.portage.registry.Marking;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointState;
import dev.portage.settings.Station;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an adoption needs besides what a promotion does: a platform file, and a job and an endpoint
 * of nobody's.
 */
final class FakeAdoption
    implements AdoptSettingsActivities, AdoptJobActivities, AdoptEndpointActivities {

  private final FakeWorld world;

  /** Who deploys the job; null for nobody. */
  volatile @Nullable String keeper;

  /** Whether the job has the model's tag. */
  volatile boolean tagged;

  /** Whether the endpoint has the model's tag. */
  volatile boolean endpointTagged;

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

  @Override
  public void untagJob(AdoptJobOrder order) {
    world.effect("untagJob", "untag job " + order.job());
    tagged = false;
  }

  @Override
  public AdoptedEndpoint findEndpointToAdopt(AdoptEndpointOrder order) {
    return endpoint(order, null);
  }

  @Override
  public AdoptedEndpoint storeEndpointToAdopt(AdoptEndpointOrder order) {
    world.effect("storeEndpointToAdopt", "store endpoint " + order.endpoint());
    AdoptedEndpoint found = endpoint(order, null);
    return endpoint(order, world.endpoints.kept(order.key(), found.state().config()));
  }

  @Override
  public AdoptedEndpoint tagEndpoint(AdoptEndpointOrder order) {
    world.effect("tagEndpoint", "tag endpoint " + order.endpoint() + " as " + order.model());
    endpointTagged = true;
    return endpoint(order, null);
  }

  @Override
  public void untagEndpoint(AdoptEndpointOrder order) {
    world.effect("untagEndpoint", "untag endpoint " + order.endpoint());
    endpointTagged = false;
  }

  private AdoptedEndpoint endpoint(AdoptEndpointOrder order, @Nullable SettingsRef settings) {
    EndpointConfig config = world.endpoints.of(order.endpoint());
    if (config.isNone()) {
      throw FakeWorld.userFault("there is no endpoint " + order.endpoint());
    }
    return new AdoptedEndpoint(
        new EndpointState(order.endpoint(), config, null, order.model(), null, null, null, null),
        endpointTagged,
        settings);
  }

  private AdoptedJob job(@Nullable SettingsRef settings) {
    return new AdoptedJob(
        JobState.of(11, "nightly", "b".repeat(64)).runAs("scoring@example.com").build(),
        tagged,
        keeper,
        settings);
  }
}
