package dev.portage.start;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registered version as MLflow writes it.
 *
 * @param model full name of the registered model
 * @param version number, alias or stage
 * @see <a href="https://mlflow.org/docs/latest/concepts.html#artifact-locations">models: URIs</a>
 */
public record ModelUri(String model, String version) {

  private static final Pattern FORM =
      Pattern.compile("models:/(?<model>[^/@#%\\s]+)[/@](?<version>[\\w-]{1,255})");

  /**
   * Reads one.
   *
   * @throws StartException when it is none, or does not name one version
   */
  public static ModelUri of(String typed) {
    Matcher form = FORM.matcher(typed);
    if (!form.matches()) {
      throw new StartException(
          "\""
              + typed
              + "\" names no version; allowed: models:/NAME/7, models:/NAME/champion,"
              + " models:/NAME@champion");
    }
    String version = String.valueOf(form.group("version"));
    if (version.equalsIgnoreCase("latest")) {
      throw new StartException(
          "\"" + typed + "\" is whatever came last; name the version by its number or an alias");
    }
    return new ModelUri(String.valueOf(form.group("model")), version);
  }
}
