package dev.portage.tracking;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Ids of runs and logged models, and the URIs by which MLflow names models. */
final class ModelUri {
  private static final int LONGEST = 1024;
  private static final int RUN_ID = 32;

  private ModelUri() {}

  /**
   * What a text names that is nothing but an id or a URI; null if it is something else. Known are
   * {@code <run id>}, {@code m-<id>}, {@code runs:/<run id>[/PATH]}, {@code models:/m-<id>}, {@code
   * models:/NAME/VERSION}, {@code models:/NAME@ALIAS}, and MLflow's artifact locations.
   */
  static @Nullable ExitValue read(String value) {
    String text = stripped(value);
    if (text.isEmpty() || text.length() > LONGEST || !isOneLine(text)) {
      return null;
    }
    if (isRunId(text)) {
      return run(text, null);
    }
    if (isModelId(text)) {
      return loggedModel(text);
    }
    int colon = text.indexOf(":/");
    if (colon <= 0) {
      return null;
    }
    String path = withoutSlashes(text.substring(colon + 2));
    return switch (text.substring(0, colon)) {
      case "runs" -> ofRun(path);
      case "models" -> ofModels(path);
      default -> ofArtifacts(path);
    };
  }

  /** Whether it is the id of a logged model. */
  static boolean isModelId(String text) {
    return text.length() > 2
        && text.startsWith("m-")
        && text.chars().skip(2).allMatch(c -> c < 128 && Character.isLetterOrDigit(c));
  }

  /** Without surrounding spaces of any kind. */
  static String stripped(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0 || c == '\uFEFF';
  }

  private static boolean isOneLine(String text) {
    return text.chars().noneMatch(Character::isISOControl);
  }

  private static boolean isRunId(String text) {
    return text.length() == RUN_ID
        && text.chars().allMatch(c -> "0123456789abcdef".indexOf(c) >= 0);
  }

  private static @Nullable ExitValue ofRun(String path) {
    int slash = path.indexOf('/');
    String id = slash < 0 ? path : path.substring(0, slash);
    String folder = slash < 0 ? "" : withoutSlashes(path.substring(slash));
    return id.isBlank() ? null : run(id, folder.isEmpty() ? null : folder);
  }

  private static @Nullable ExitValue ofModels(String path) {
    if (isModelId(path)) {
      return loggedModel(path);
    }
    int slash = path.lastIndexOf('/');
    int cut = slash > 0 ? slash : path.lastIndexOf('@');
    if (cut <= 0 || cut == path.length() - 1 || path.lastIndexOf('/', cut - 1) >= 0) {
      return null; // Perhaps of a registry elsewhere: models://PROFILE@…/NAME/1
    }
    return new ExitValue(null, null, null, path.substring(0, cut), path.substring(cut + 1), null);
  }

  /**
   * The address of artifacts, as {@code mlflow.get_artifact_uri("model")} returns it: {@code …/<run
   * id>/artifacts/PATH} or {@code …/m-<id>/artifacts}.
   */
  private static @Nullable ExitValue ofArtifacts(String path) {
    String[] parts = path.split("/", -1);
    for (int i = 0; i + 1 < parts.length; i++) {
      if (!parts[i + 1].equals("artifacts")) {
        continue;
      }
      if (isModelId(parts[i])) {
        return loggedModel(parts[i]);
      }
      if (isRunId(parts[i])) {
        String rest = String.join("/", Arrays.asList(parts).subList(i + 2, parts.length));
        return run(parts[i], rest.isEmpty() ? null : rest);
      }
    }
    return null;
  }

  private static String withoutSlashes(String path) {
    int from = 0;
    int to = path.length();
    while (from < to && path.charAt(from) == '/') {
      from++;
    }
    while (to > from && path.charAt(to - 1) == '/') {
      to--;
    }
    return path.substring(from, to);
  }

  private static ExitValue run(String id, @Nullable String path) {
    return new ExitValue(id, path, null, null, null, null);
  }

  private static ExitValue loggedModel(String id) {
    return new ExitValue(null, null, id, null, null, null);
  }
}
