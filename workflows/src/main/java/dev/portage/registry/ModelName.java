package dev.portage.registry;

import dev.portage.text.Visible;

/**
 * What registries allow as the name of a registered model.
 *
 * @see <a href="https://github.com/mlflow/mlflow/blob/master/mlflow/utils/validation.py">MLflow,
 *     _validate_model_name</a>
 * @see <a href="https://docs.databricks.com/sql/language-manual/sql-ref-names">Databricks,
 *     names</a>
 */
public final class ModelName {

  /** What is allowed, for messages. */
  public static final String ALLOWED =
      "as in the registry: at most 255 characters, without \"/\" and \":\"";

  /** What is allowed in Unity Catalog, for messages. */
  public static final String ALLOWED_IN_UNITY_CATALOG =
      "as in Unity Catalog: at most 255 characters, without \"/\", \":\", dots and spaces";

  /** What is allowed outside Unity Catalog, for messages. */
  public static final String NOT_OF_UNITY_CATALOG =
      "not three parts separated by dots, which would be a Unity Catalog model";

  private static final int LONGEST = 255;

  private ModelName() {}

  /** Whether MLflow's registries take it; {@code .} and {@code ..} would be folders. */
  public static boolean isAllowed(String name) {
    return !name.isBlank()
        && name.codePointCount(0, name.length()) <= LONGEST
        && name.codePoints().allMatch(c -> Visible.isShown(c) && c != '/' && c != ':')
        && !name.equals(".")
        && !name.equals("..");
  }

  /** Whether it can be the last of the three parts of a name in Unity Catalog. */
  public static boolean isAllowedInUnityCatalog(String name) {
    return isAllowed(name) && name.indexOf('.') < 0 && name.indexOf(' ') < 0;
  }

  /**
   * What commands take for a registered model: the short name where it is registered by that, and
   * otherwise its full name, since a {@code promotion.yaml} may register it by another.
   *
   * @param model its name in {@code promotion.yaml}
   * @param registered full name of the registered model in a workspace
   */
  public static String typed(String model, String registered) {
    return registered.equals(model) || registered.endsWith("." + model) ? model : registered;
  }

  /**
   * Whether a full name, or the pattern of one, is of Unity Catalog where a workspace has both
   * registries: its names have three parts.
   */
  public static boolean isOfUnityCatalog(String fullName) {
    return fullName.chars().filter(c -> c == '.').count() == 2;
  }
}
