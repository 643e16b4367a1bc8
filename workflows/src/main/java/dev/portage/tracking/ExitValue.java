package dev.portage.tracking;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a notebook's exit value names. Notebooks return anything: JSON, even with {@code NaN};
 * Python's {@code str} of a dict or a dataclass; a bare id or URI; words with a key and its value;
 * any of these truncated. A value that names nothing is no error.
 *
 * <p>It reads {@code run_id}, {@code model_id} and {@code model_uri} from an object's own fields,
 * not from nested objects, which are about other things; or the same as text. It takes time linear
 * in the text's length, whatever the content.
 *
 * @param runId MLflow's id of a run, null when none is named
 * @param path model of that run by its name or folder, as in {@code runs:/…/model}; null when not
 *     named
 * @param modelId logged model, such as {@code m-…}; null when none is named
 * @param model registered model, null when none is named
 * @param version its version, by a number, alias or stage; null when none is named
 * @param cut whether the value ended in the middle, so that something may be missing
 */
public record ExitValue(
    @Nullable String runId,
    @Nullable String path,
    @Nullable String modelId,
    @Nullable String model,
    @Nullable String version,
    @Nullable Boolean cut) {
  private static final ExitValue NOTHING = new ExitValue(null, null, null, null, null, null);

  private static final Pattern RUN_ID =
      Pattern.compile(
          "(?<![A-Za-z0-9_])run_id['\"]?\\s{0,3}[:=]\\s{0,3}['\"]?([0-9a-f]{32})(?![0-9A-Za-z])");

  /** How often JSON is unwrapped from a JSON string. */
  private static final int WRAPPINGS = 2;

  /** Reads it; null and what cannot be understood name nothing. */
  public static ExitValue read(@Nullable String value) {
    return value == null ? NOTHING : read(value, 0);
  }

  /** One that names this run. */
  public static ExitValue ofRun(String runId) {
    return new ExitValue(runId, null, null, null, null, null);
  }

  private static ExitValue read(String value, int wrappings) {
    String text = ModelUri.stripped(value);
    if (text.isEmpty()) {
      return NOTHING;
    }
    ExitValue bare = ModelUri.read(text);
    if (bare != null) {
      return bare;
    }
    ExitFields fields = ExitFields.of(text);
    String wrapped = fields.wrapped();
    if (wrapped != null) {
      ExitValue inner = wrappings < WRAPPINGS ? read(wrapped, wrappings + 1) : NOTHING;
      return fields.cut() ? inner.endingInTheMiddle() : inner;
    }
    ExitValue named = of(fields.named(), fields.cut());
    return named.namesNothing() && !isObject(text) ? written(text) : named;
  }

  /** An object's own fields count alone. */
  private static boolean isObject(String text) {
    return text.startsWith("{") || text.startsWith("[");
  }

  /** The one run that a text names by its key, as MLflow's own {@code <RunInfo: …>} does. */
  private static ExitValue written(String text) {
    List<String> ids =
        RUN_ID
            .matcher(text)
            .results()
            .map(found -> String.valueOf(found.group(1)))
            .distinct()
            .limit(2)
            .toList();
    return ids.size() == 1 ? ofRun(ids.getFirst()) : NOTHING;
  }

  private static ExitValue of(Map<String, String> named, boolean cut) {
    ExitValue uri = uri(named.get("model_uri"));
    ExitValue logged = uri(named.get("model_id"));
    String id = named.get("run_id");
    ExitValue run = uri(id);
    String runId = run.runId != null ? run.runId : id;
    return new ExitValue(
        runId != null ? runId : uri.runId,
        run.path != null ? run.path : uri.path,
        logged.modelId != null ? logged.modelId : uri.modelId,
        uri.model,
        uri.version,
        cut ? Boolean.TRUE : null);
  }

  private static ExitValue uri(@Nullable String text) {
    ExitValue uri = text == null ? null : ModelUri.read(text);
    return uri == null ? NOTHING : uri;
  }

  /** Whether it names nothing at all. */
  public boolean namesNothing() {
    return runId == null && modelId == null && model == null;
  }

  private ExitValue endingInTheMiddle() {
    return new ExitValue(runId, path, modelId, model, version, Boolean.TRUE);
  }

  /** Whether it ended in the middle. */
  public boolean wasCut() {
    return Boolean.TRUE.equals(cut);
  }

  /** The same in the shortest form that {@link #read} takes. */
  public String text() {
    StringBuilder text = new StringBuilder("{");
    if (runId != null) {
      field(text, "run_id", runId);
    }
    if (modelId != null) {
      field(text, "model_id", modelId);
    }
    if (model != null && version != null) {
      field(text, "model_uri", "models:/" + model + "/" + version);
    } else if (runId != null && path != null) {
      field(text, "model_uri", "runs:/" + runId + "/" + path);
    }
    return text.append('}').toString();
  }

  private static void field(StringBuilder text, String key, String value) {
    text.append(text.length() == 1 ? "\"" : ", \"").append(key).append("\": \"");
    text.append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
  }
}
