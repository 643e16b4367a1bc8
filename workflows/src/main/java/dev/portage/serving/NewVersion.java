package dev.portage.serving;

import dev.portage.settings.ServeSettings;
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
        nameOf(model, version),
        model,
        version,
        settings.size(),
        settings.scaleToZero(),
        settings.environment());
  }

  /** Its name, by which a repeated order finds it: a version is created once. */
  public static String nameOf(String model, String version) {
    String plain = model.substring(model.lastIndexOf('.') + 1).replaceAll("[^A-Za-z0-9_-]", "-");
    String end = "-" + version;
    return plain.substring(0, Math.min(plain.length(), LONGEST_NAME - end.length())) + end;
  }

  /** The version with a share of the traffic. */
  public Served at(int percent) {
    return new Served(name, model, version, percent, null);
  }
}
