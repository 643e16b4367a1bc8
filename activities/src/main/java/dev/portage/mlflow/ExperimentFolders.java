package dev.portage.mlflow;

import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The folders of a Databricks workspace, which contain experiments next to notebooks. An
 * experiment's name is its path; the same path may also be written with {@code /Workspace} in
 * front.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/workspace">Workspace API</a>
 */
public final class ExperimentFolders {
  /** Type of an experiment, as the workspace calls it. */
  public static final String EXPERIMENT = "MLFLOW_EXPERIMENT";

  private static final String ALIAS = "/Workspace/";

  private static final Pattern NO_FOLDER =
      Pattern.compile(
          "(Tree node with path|[Pp]arent (folder|directory)).*(does not|doesn't) exist");

  private final MlflowServer server;

  ExperimentFolders(MlflowServer server) {
    this.server = server;
  }

  /**
   * The path as the workspace itself writes it.
   *
   * @throws io.temporal.failure.ApplicationFailure the user's, when it is none
   */
  public String path(String name) {
    String path = name.replaceAll("/{2,}", "/").replaceAll("/$", "");
    if (path.startsWith(ALIAS)) {
      path = path.substring(ALIAS.length() - 1);
    }
    if (!path.startsWith("/") || path.length() < 2) {
      throw server.failure(
          FailureKind.USER,
          "use experiment " + name,
          "on Databricks an experiment's name is its full path, starting with /",
          "Use a full path such as /Shared/" + name.replaceAll("^/+|/+$", "") + ".");
    }
    return path;
  }

  /** The folder of a path; "/" at the top. */
  public static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  /**
   * What is at a path, as {@code DIRECTORY} or {@code NOTEBOOK}; "" for nothing. Empty where the
   * workspace does not say.
   */
  public Optional<String> typeAt(String path) {
    HttpAnswer answer =
        server.askAt("read " + path, "api/2.0/workspace/get-status", Map.of("path", path));
    if (answer.isNotThere()) {
      return Optional.of("");
    }
    String type = answer.isSuccess() ? Json.text(answer.json(), "object_type") : "";
    return type.isEmpty() ? Optional.empty() : Optional.of(type);
  }

  /**
   * Whether something can't be created because its folder is missing. A workspace reports it like
   * any missing object or, with an older service, by 400 and words (databricks/cli,
   * genie_space.go).
   */
  static boolean lacksFolder(HttpAnswer answer) {
    return answer.isNotThere()
        || (answer.status() == 400 && NO_FOLDER.matcher(answer.message()).find());
  }

  /** Creates a folder and its parents; an existing one stays. */
  void make(String path) {
    String tried = "make folder " + path;
    server.goodAt(
        tried,
        server.sendAt(tried, "api/2.0/workspace/mkdirs", MlflowServer.object().put("path", path)));
  }
}
