package dev.portage.localworkspace.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;

/**
 * Names of experiments as Databricks stores them: their path, without the optional {@code
 * /Workspace} in front. Its own test server does the same, "to match cloud behavior".
 *
 * @see <a
 *     href="https://github.com/databricks/cli/blob/main/libs/testserver/experiments.go">databricks/cli,
 *     libs/testserver/experiments.go</a>
 */
final class ExperimentNames {
  private static final String CREATE = "/mlflow/experiments/create";
  private static final String ALIAS = "/Workspace/";

  private ExperimentNames() {}

  /** Whether a call gives an experiment its name. */
  static boolean areGivenBy(String method, String path) {
    return method.equals("POST") && path.endsWith(CREATE);
  }

  /** The name in the body of such a call, "" where it has none. */
  static String of(byte[] body) {
    try {
      return Json.read(body).path("name").asText("");
    } catch (RuntimeException _) {
      return "";
    }
  }

  /** The body of such a call, with the name as it is kept; what is no such body stays as it is. */
  static byte[] kept(byte[] body) {
    JsonNode json;
    try {
      json = Json.read(body);
    } catch (RuntimeException _) {
      // The server behind says what is wrong with it.
      return body;
    }
    String name = json.path("name").asText("");
    if (!(json instanceof ObjectNode object)) {
      return body;
    }
    String path = name.startsWith("//") ? name.substring(1) : name;
    return path.startsWith(ALIAS)
        ? Json.bytes(object.put("name", path.substring(ALIAS.length() - 1)))
        : body;
  }
}
