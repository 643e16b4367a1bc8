package dev.portage.transfer;

import dev.portage.store.ArtifactPath;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What a model's own file {@code MLmodel} says about its files: which there are, and their total
 * size. A manifest otherwise knows its files only from a listing, and an incomplete listing looks
 * complete.
 *
 * <p>Names are read where MLflow writes them (2.x and 3.x): in its own flavors, and in the input
 * example. Whatever is elsewhere ({@code source_model_name}, URIs, absolute paths) is not a file of
 * the model. If the file is not MLflow's YAML, nothing is known and nothing required.
 *
 * <p>MLflow adds up the sizes before it writes {@code MLmodel}, the files of the environment and,
 * for Python models, the code; it doesn't include what people add later either. So a model may have
 * more, and if it has less, exactly those files must account for it.
 */
final class StatedFiles {
  /** The file that says it. */
  static final String NAME = "MLmodel";

  private static final int MOST_CHARACTERS = 16 * 1024 * 1024;
  private static final int SHOWN = 5;

  /** Keys of a file or folder, in each of MLflow's flavors. */
  private static final Set<String> ANY = Set.of("data", "code", "model_data", "pickled_model");

  /** Further ones of some. */
  private static final Map<String, Set<String>> OF_FLAVOR =
      Map.ofEntries(
          Map.entry("python_function", Set.of("model_path", "python_model", "parameters_path")),
          Map.entry("sklearn", Set.of()),
          Map.entry("catboost", Set.of()),
          Map.entry("diffusers", Set.of("adapter_weights")),
          Map.entry("fastai", Set.of()),
          Map.entry("h2o", Set.of()),
          Map.entry("johnsnowlabs", Set.of()),
          Map.entry("keras", Set.of()),
          Map.entry("langchain", Set.of()),
          Map.entry("lightgbm", Set.of()),
          Map.entry("onnx", Set.of()),
          Map.entry("openai", Set.of()),
          Map.entry("paddle", Set.of()),
          Map.entry("pmdarima", Set.of()),
          Map.entry("prophet", Set.of()),
          Map.entry("pytorch", Set.of()),
          Map.entry("shap", Set.of("serialized_explainer")),
          Map.entry("spacy", Set.of()),
          Map.entry("spark", Set.of()),
          Map.entry("statsmodels", Set.of()),
          Map.entry("tensorflow", Set.of("saved_model_dir")),
          Map.entry("transformers", Set.of("model_binary", "peft_adaptor")),
          Map.entry("xgboost", Set.of()));

  /** Files that MLflow writes after it has added up the sizes. */
  private static final Set<String> LATER =
      Set.of(
          "conda.yaml",
          "python_env.yaml",
          "requirements.txt",
          "constraints.txt",
          "environment_variables.txt",
          "uv.lock",
          "pyproject.toml");

  /**
   * The maximum size of Python's compiled code: per byte of source, and per file. It exists when
   * sizes are added up, and MLflow deletes it afterwards.
   */
  private static final long COMPILED_FOR_EACH_BYTE = 4;

  private static final long COMPILED_EACH = 4096;

  private static final Pattern ELSEWHERE = Pattern.compile("(?s)/.*|[A-Za-z][A-Za-z0-9+.-]*:.*");

  private final Set<String> files = new LinkedHashSet<>();

  /** It is unknown whether these are missing or empty: stores hold no empty folders. */
  private final Set<String> maybeEmpty = new LinkedHashSet<>();

  private @Nullable Long bytes;
  private boolean replacesRequirements;

  private StatedFiles() {}

  /** What a text says; nothing where it is not what MLflow writes. */
  static StatedFiles in(String text) {
    StatedFiles stated = new StatedFiles();
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MOST_CHARACTERS);
    try {
      if (new Yaml(new SafeConstructor(options)).load(text) instanceof Map<?, ?> root) {
        stated.read(root);
      }
    } catch (YAMLException _) {
      return new StatedFiles();
    }
    return stated;
  }

  private void read(Map<?, ?> root) {
    if (root.get("model_size_bytes") instanceof Number number && number.longValue() >= 0) {
      bytes = number.longValue();
    }
    if (root.get("saved_input_example_info") instanceof Map<?, ?> example) {
      add(files, example.get("artifact_path"));
      add(files, example.get("serving_input_path"));
    }
    if (root.get("flavors") instanceof Map<?, ?> flavors) {
      flavors.forEach((name, flavor) -> {
        Set<String> keys = OF_FLAVOR.get(String.valueOf(name));
        if (keys != null && flavor instanceof Map<?, ?> config) {
          read(config, keys);
        }
      });
    }
  }

  private void read(Map<?, ?> config, Set<String> keys) {
    ANY.stream().filter(key -> !key.equals("code")).forEach(key -> add(files, config.get(key)));
    keys.forEach(key -> add(files, config.get(key)));
    add(maybeEmpty, config.get("code"));
    if (config.get("env") instanceof Map<?, ?> env) {
      add(files, env.get("conda"));
      add(files, env.get("virtualenv"));
    } else {
      add(files, config.get("env")); // MLflow 1 and the first of 2.
    }
    if (config.get("artifacts") instanceof Map<?, ?> artifacts) {
      artifacts.values().forEach(artifact -> addPath(maybeEmpty, artifact));
    }
    if (config.get("extra_files") instanceof List<?> extra) {
      extra.forEach(file -> addPath(maybeEmpty, file));
    }
    if (config.get("requirements_file") instanceof Map<?, ?> requirements) {
      replacesRequirements = true;
      addPath(files, requirements);
    }
    if (config.get("model_code_path") instanceof String code) {
      // The path that it had where it was logged; MLflow uses its last name.
      add(files, code.substring(Math.max(code.lastIndexOf('/'), code.lastIndexOf('\\')) + 1));
    }
  }

  private static void addPath(Set<String> to, @Nullable Object holder) {
    if (holder instanceof Map<?, ?> map) {
      add(to, map.get("path"));
    }
  }

  private static void add(Set<String> to, @Nullable Object value) {
    if (value instanceof String text && !ELSEWHERE.matcher(text).matches()) {
      // A model that was logged on Windows has its own separators.
      String path = text.replace('\\', '/').replaceAll("^(\\./)+|/+$", "");
      if (!path.isEmpty() && !path.equals(".") && !List.of(path.split("/", -1)).contains("..")) {
        to.add(path);
      }
    }
  }

  /**
   * What a model lacks of what its MLmodel says, as text; empty when it lacks nothing.
   *
   * @param sizes of all its files, by their paths; null where one is not known
   */
  String lack(Map<String, @Nullable Long> sizes) {
    NavigableMap<String, @Nullable Long> there = new TreeMap<>(sizes);
    List<String> missing = new ArrayList<>();
    files.stream().filter(path -> !has(there, path)).forEach(missing::add);
    Sum sum = sum(there);
    maybeEmpty.stream()
        .filter(path -> sum != Sum.EXACT && !files.contains(path) && !has(there, path))
        .forEach(missing::add);
    if (!missing.isEmpty()) {
      return "its " + NAME + " names " + shown(missing) + ", but the listing doesn't";
    }
    return sum == Sum.LESS
        ? "its "
            + NAME
            + " says that its files had "
            + bytes
            + " bytes when it was written, but the listed files don't add up to that"
        : "";
  }

  /** How the actual sizes compare with the stated one. */
  private enum Sum {
    EXACT,
    MORE,
    LESS,
    UNKNOWN
  }

  private static boolean has(NavigableMap<String, @Nullable Long> there, String path) {
    String inside = there.ceilingKey(path + "/");
    return there.containsKey(path) || (inside != null && inside.startsWith(path + "/"));
  }

  /**
   * Compares the sizes with the stated sum. Files written after it was computed come in addition;
   * if some of those exactly account for what is missing, they existed before.
   */
  private Sum sum(Map<String, @Nullable Long> there) {
    if (bytes == null) {
      return Sum.UNKNOWN;
    }
    long lack = bytes;
    long compiled = 0;
    Map<String, Long> later = new TreeMap<>();
    for (Map.Entry<String, @Nullable Long> file : there.entrySet()) {
      String path = file.getKey();
      Long size = file.getValue();
      if (size == null) {
        return Sum.UNKNOWN;
      }
      if (path.endsWith(".py")) {
        compiled += COMPILED_FOR_EACH_BYTE * size + COMPILED_EACH;
      }
      String group = groupOfLater(path);
      if (group != null) {
        later.merge(group, size, Long::sum);
      } else if (!path.equals(NAME)) {
        lack -= size;
      }
    }
    if (lack < 0) {
      return Sum.MORE;
    }
    if (lack == 0 || isSumOfSome(List.copyOf(later.values()), lack)) {
      return Sum.EXACT;
    }
    return replacesRequirements || lack <= compiled ? Sum.UNKNOWN : Sum.LESS;
  }

  /** Files that are written later, each alone or with its neighbors; null for the others. */
  private static @Nullable String groupOfLater(String path) {
    for (String folder : List.of("code/", "metadata/")) {
      if (path.startsWith(folder)) {
        return folder;
      }
    }
    return LATER.contains(path) ? path : null;
  }

  private static boolean isSumOfSome(List<Long> sizes, long sum) {
    for (int some = 0; some < 1 << sizes.size(); some++) {
      long together = 0;
      for (int i = 0; i < sizes.size(); i++) {
        together += (some >> i & 1) == 1 ? sizes.get(i) : 0;
      }
      if (together == sum) {
        return true;
      }
    }
    return false;
  }

  private static String shown(List<String> names) {
    String some =
        names.stream().limit(SHOWN).map(ArtifactPath::shown).collect(Collectors.joining(", "));
    return names.size() <= SHOWN ? some : some + " and " + (names.size() - SHOWN) + " more";
  }
}
