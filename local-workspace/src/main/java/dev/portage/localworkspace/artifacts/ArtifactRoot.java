package dev.portage.localworkspace.artifacts;

import dev.portage.localworkspace.protocol.ApiRefusal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The artifact folder of one run or logged model.
 *
 * @param uri as Databricks shows it
 * @param key where it begins in the blob store
 */
record ArtifactRoot(String uri, String key) {
  private static final Pattern RUN =
      Pattern.compile("dbfs:/databricks/mlflow-tracking/(\\d+/[0-9a-f]{32}/artifacts)");
  private static final Pattern MODEL =
      Pattern.compile("dbfs:/databricks/mlflow-tracking/(\\d+)/models/(m-[0-9a-f]+)(/artifacts)");

  /** What MLflow calls {@code models}, Databricks calls {@code logged_models}. */
  private static final Pattern SHOWN =
      Pattern.compile("(dbfs:/databricks/mlflow-tracking/\\d+)/models/(m-[0-9a-f])");

  static ArtifactRoot ofRun(String uri) {
    Matcher matcher = RUN.matcher(uri);
    if (!matcher.matches()) {
      throw elsewhere(uri);
    }
    return new ArtifactRoot(uri, String.valueOf(matcher.group(1)));
  }

  static ArtifactRoot ofModel(String uri) {
    Matcher matcher = MODEL.matcher(uri);
    if (!matcher.matches()) {
      throw elsewhere(uri);
    }
    return new ArtifactRoot(
        shown(uri), matcher.group(1) + "/logged_models/" + matcher.group(2) + matcher.group(3));
  }

  /** A text of the MLflow server with the places of logged models as Databricks shows them. */
  static String shown(String text) {
    return SHOWN.matcher(text).replaceAll("$1/logged_models/$2");
  }

  /** The key of a path below it. */
  String key(String path) {
    return path.isEmpty() ? key : key + "/" + path;
  }

  private static ApiRefusal elsewhere(String uri) {
    return ApiRefusal.invalidParameter(
        "The artifacts are at '"
            + uri
            + "', which is not below dbfs:/databricks/mlflow-tracking: there are no credentials"
            + " for it");
  }
}
