package dev.portage.platform;

import dev.portage.adopt.AdoptSettings;
import dev.portage.adopt.AdoptSettingsActivities;
import dev.portage.adopt.AdoptStart;
import dev.portage.adopt.Adoptables;
import dev.portage.settings.Station;
import java.time.Duration;
import java.util.List;

/** Resolves an adoption, as typed, with the platform file. */
public final class AdoptRequests implements AdoptSettingsActivities {

  /** Everyone else waits for the turn meanwhile. */
  private static final Duration RETRY_TIMEOUT = Duration.ofMinutes(10);

  private final PlatformSource source;

  /** Reads this platform file anew for each call. */
  public AdoptRequests(PlatformSource source) {
    this.source = source;
  }

  @Override
  public AdoptSettings adoptSettings(AdoptStart start) {
    Platform platform = source.platform();
    TypedNames names = new TypedNames(platform, "adopt " + start.model());
    Workspace target = names.workspace("--workspace", start.workspace());
    List<String> path = platform.path();
    List<String> targets = path.subList(1, path.size());
    if (!targets.contains(target.name())) {
      throw names.wrong(
          "nothing is released into workspace "
              + target.name()
              + (target.name().equals(path.getFirst())
                  ? ", the first one of the path " + String.join(" → ", path)
                  : ", which is not on the path " + String.join(" → ", path)),
          String.join(", ", targets));
    }
    String model = names.model(target, start.model());
    Station station = target.station(model);
    Adoptables.lacking(start, station)
        .ifPresent(lacking -> {
          throw names.wrong(
              "workspace "
                  + target.name()
                  + " is of kind "
                  + station.kind()
                  + ", which has no "
                  + lacking.things(),
              "no " + lacking.option());
        });
    return new AdoptSettings(model, station, RETRY_TIMEOUT);
  }
}
