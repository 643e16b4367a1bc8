package dev.portage.settings;

import java.util.regex.Pattern;

/**
 * Names that a serving endpoint can have.
 *
 * @see <a
 *     href="https://docs.databricks.com/machine-learning/model-serving/create-manage-serving-endpoints">Create
 *     custom model serving endpoints</a>
 */
public final class EndpointName {

  /** What is allowed, for messages. */
  public static final String ALLOWED =
      "at most 63 letters, digits, \"_\" and \"-\", with a letter or digit first and last;"
          + " \"databricks-\" at the beginning is reserved";

  private static final Pattern VALID =
      Pattern.compile("(?!databricks-)[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?");

  private EndpointName() {}

  /** Whether an endpoint can be created with that name. */
  public static boolean isValid(String name) {
    return VALID.matcher(name).matches();
  }
}
