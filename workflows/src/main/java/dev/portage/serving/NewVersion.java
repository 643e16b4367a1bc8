package dev.portage.serving;

import dev.portage.settings.ServeSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the promoted version is to be served. The endpoint doesn't serve it yet, or as an earlier
 * release left it.
 *
 * @param name its name there
 * @param model full name of the registered model
 * @param version version of it
 * @param size its compute
 * @param scaleToZero whether it is stopped while no requests come
 * @param environment references to secrets, by names of variables
 */
public record NewVersion(
    String name,
    String model,
    String version,
    ServeSettings.Size size,
    Boolean scaleToZero,
    Map<String, String> environment) {

  private static final int LONGEST_NAME = 63;

  /** A version as the settings serve it. */
  public static NewVersion of(ServeSettings settings, String model, String version) {
    return new NewVersion(
        name(model.substring(model.lastIndexOf('.') + 1), "-" + version),
        model,
        version,
        settings.size(),
        settings.scaleToZero(),
        settings.environment());
  }

  private static String name(String model, String end) {
    String plain = model.replaceAll("[^A-Za-z0-9_-]", "-");
    return plain.substring(0, Math.min(plain.length(), LONGEST_NAME - end.length())) + end;
  }

  /**
   * The same under a name that nothing else has there: a model that was registered elsewhere before
   * has versions of the same numbers, and a person may give a version any name.
   */
  public NewVersion beside(EndpointConfig there) {
    List<String> names = new ArrayList<>(List.of(name, name(model, "-" + version)));
    // Of so many more one is free.
    for (int i = 2; i <= there.served().size() + 2; i++) {
      names.add(name(model, "-" + version + "-" + i));
    }
    String free =
        names.stream()
            .filter(one -> there.named(one).filter(served -> !isOf(served)).isEmpty())
            .findFirst()
            .orElseThrow();
    return new NewVersion(free, model, version, size, scaleToZero, environment);
  }

  private boolean isOf(Served served) {
    return served.model().equalsIgnoreCase(model) && served.version().equals(version);
  }

  /** The version with a share of the traffic. */
  public Served at(int percent) {
    return new Served(name, model, version, percent, null);
  }
}
