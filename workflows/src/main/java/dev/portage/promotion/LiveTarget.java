package dev.portage.promotion;

import dev.portage.candidate.ModelLocation;
import dev.portage.lane.Grant;
import dev.portage.live.LiveHop;
import dev.portage.live.LiveThing;
import dev.portage.registry.Marking;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hop as its live things see it.
 *
 * @param parts what only one of them needs, by type
 */
record LiveTarget(Journey journey, Station target, Hop.Arrived arrived, Map<Class<?>, Object> parts)
    implements LiveHop {

  LiveTarget {
    parts = Map.copyOf(parts);
  }

  @Override
  public String workspace() {
    return target.workspace();
  }

  @Override
  public String model() {
    return target.model();
  }

  @Override
  public Marking marking() {
    return target.marking();
  }

  @Override
  public String holder() {
    return journey.id();
  }

  @Override
  public @Nullable Grant grant() {
    return journey.turns().inHand();
  }

  @Override
  public Duration retryTimeout() {
    return journey.settings().retryTimeout();
  }

  @Override
  public Settings settings() {
    return journey.settings();
  }

  @Override
  public String step(LiveThing thing) {
    return StepNames.hop(target, thing.name());
  }

  @Override
  public String version() {
    return arrived.version().version();
  }

  @Override
  public ModelLocation files() {
    return arrived.model();
  }

  @Override
  public @Nullable URI page() {
    return arrived.version().page();
  }

  @Override
  public void notice(String text) {
    journey.progress().notice(text);
  }

  @Override
  public <T> T part(Class<T> type) {
    Object part = parts.get(type);
    if (part == null) {
      throw new IllegalArgumentException("a hop has no " + type.getSimpleName());
    }
    return type.cast(part);
  }
}
