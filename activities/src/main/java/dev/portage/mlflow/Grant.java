package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.DatabricksWords;
import dev.portage.http.HttpAnswer;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The command that grants what a refused call lacked. Experiments and registered models have their
 * own permissions, so a login may work in a workspace and still lack one of these.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/permissions">Permissions API</a>
 * @see <a href="https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth">MLflow's
 *     authentication</a>
 */
final class Grant {
  private static final String CATALOG = "unity-catalog/";

  private Grant() {}

  /**
   * What to do about a refused call.
   *
   * @param path of the call, below {@code /api/2.0/mlflow/}
   * @param asked value of a field of the call, null if it has none
   * @param databricks whether the server is a Databricks workspace
   * @return empty where the answer is another, or the call is about nothing that has permissions
   */
  static Optional<String> of(
      HttpAnswer answer,
      String path,
      Function<String, @Nullable String> asked,
      boolean databricks) {
    boolean forbidden =
        (answer.status() == 403 || answer.isError("PERMISSION_DENIED"))
            && !DatabricksWords.refuseToken(answer);
    if (!forbidden) {
      return Optional.empty();
    }
    if (path.startsWith(CATALOG)) {
      return ofCatalog(path.substring(CATALOG.length()), asked);
    }
    String name = isOfModel(path) ? asked.apply("name") : null;
    if (name != null) {
      return Optional.of(databricks ? modelOnDatabricks(name) : onMlflow("registered_model", name));
    }
    String experiment = asked.apply("experiment_id");
    if (experiment != null) {
      return Optional.of(
          databricks ? experimentOnDatabricks(experiment) : onMlflow("experiment", experiment));
    }
    String run = asked.apply("run_id");
    return run == null || !databricks
        ? Optional.empty()
        : Optional.of(
            experimentOnDatabricks("<id>")
                + ", with the experiment_id from: databricks experiments get-run "
                + run);
  }

  /** The values of a JSON body's own fields. */
  static Function<String, @Nullable String> fields(JsonNode body) {
    return field -> body.path(field).isValueNode() ? body.path(field).asText() : null;
  }

  private static boolean isOfModel(String path) {
    return path.startsWith("registered-models/")
        || path.startsWith("model-versions/")
        || path.startsWith("databricks/registered-models/")
        || path.startsWith("databricks/model-versions/");
  }

  private static Optional<String> ofCatalog(String path, Function<String, @Nullable String> asked) {
    String name = asked.apply("name");
    if (name == null) {
      return Optional.empty();
    }
    String[] parts = name.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    boolean makesModel = path.equals("registered-models/create");
    String schema = parts[0] + "." + parts[1];
    return Optional.of(
        makesModel
            ? grant("schema", schema, "\"USE_SCHEMA\",\"CREATE_MODEL\"")
            : grant("function", name, "\"EXECUTE\",\"APPLY_TAG\",\"CREATE_MODEL_VERSION\"")
                + ", or make the login its owner");
  }

  private static String grant(String kind, String name, String privileges) {
    return "Someone who can manage "
        + name
        + " can grant it: databricks grants update "
        + kind
        + " "
        + name
        + " --json '{\"changes\":[{\"principal\":\"<login>\",\"add\":["
        + privileges
        + "]}]}'";
  }

  private static String experimentOnDatabricks(String id) {
    return "Someone who manages the experiment can grant it: " + update("experiments", id, "EDIT");
  }

  private static String modelOnDatabricks(String name) {
    return "Someone who manages the model can grant it: "
        + update("registered-models", "<id>", "MANAGE")
        + ", with the id from: databricks model-registry get-model "
        + name;
  }

  private static String update(String kind, String id, String level) {
    return "databricks permissions update "
        + kind
        + " "
        + id
        + " --json '{\"access_control_list\":[{\"user_name\":\"<login>\",\"permission_level\":\"CAN_"
        + level
        + "\"}]}'";
  }

  /** As MLflow 3.17's client has it; earlier ones have a call for each kind of thing. */
  private static String onMlflow(String kind, String id) {
    return "If MLflow itself checks permissions, an administrator can grant it in Python:"
        + " mlflow.server.get_app_client(\"basic-auth\", tracking_uri).grant_user_permission("
        + "\"<login>\", \""
        + kind
        + "\", \""
        + id
        + "\", \""
        + (kind.equals("experiment") ? "EDIT" : "MANAGE")
        + "\")";
  }
}
