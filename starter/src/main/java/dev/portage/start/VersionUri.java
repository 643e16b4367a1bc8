package dev.portage.start;

import dev.portage.registry.ModelName;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registered version as MLflow writes it. The name is used as typed, with the spaces and letters
 * that it has in the registry.
 *
 * @param model full name of the registered model
 * @param version number, alias or stage
 * @see <a href="https://mlflow.org/docs/latest/concepts.html#artifact-locations">models: URIs</a>
 */
public record VersionUri(String model, String version) {

  /** An alias may follow an at sign, behind the last one of the text. */
  private static final Pattern FORM =
      Pattern.compile(
          "models:/(?:(?<model>[^/:]{1,600})/|(?<aliased>[^/:]{1,600})@)"
              + "(?<version>[\\p{L}\\p{N}_-]{1,255})");

  /**
   * Reads one.
   *
   * @throws StartException when it is none, or does not name one version
   */
  public static VersionUri of(String typed) {
    Matcher form = FORM.matcher(typed);
    if (!form.matches()) {
      throw none(typed);
    }
    String model = form.group("model") == null ? form.group("aliased") : form.group("model");
    String version = form.group("version");
    if (model == null || version == null || !ModelName.isAllowed(lastPart(model))) {
      throw none(typed);
    }
    if (version.equalsIgnoreCase("latest")) {
      throw new StartException(
          "\"" + typed + "\" can change at any time; name the version by its number or an alias");
    }
    return new VersionUri(model, version);
  }

  /** In Unity Catalog a name has three parts of 255 characters each. */
  private static String lastPart(String model) {
    String[] parts = model.split("\\.", -1);
    return parts.length == 3 ? parts[2] : model;
  }

  private static StartException none(String typed) {
    return new StartException(
        "\""
            + typed
            + "\" doesn't name a version; use models:/NAME/7, models:/NAME/champion,"
            + " models:/NAME@champion");
  }
}
