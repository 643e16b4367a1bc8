package dev.portage.init;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Databricks bundle of the project says: its jobs, its variables and the models that it
 * registers. A file that is no YAML says nothing.
 *
 * @see <a href="https://docs.databricks.com/dev-tools/bundles/settings">Bundle settings</a>
 */
final class Bundle {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static final Pattern FILE =
      Pattern.compile("(^|.*/)(databricks\\.ya?ml|bundle\\.ya?ml|resources?/.+\\.ya?ml)");

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([\\w.-]+)}");

  /** References within references, as deep as people write them. */
  private static final int DEPTH = 5;

  private final Map<String, String> values = new HashMap<>();
  private final List<Job> jobs = new ArrayList<>();
  private final List<String> models = new ArrayList<>();

  /**
   * A job of the bundle.
   *
   * @param file where it stands
   * @param key its key in the bundle
   * @param name its name in a workspace; null where that depends on the target
   * @param tasks its tasks
   */
  record Job(String file, String key, @Nullable String name, List<Task> tasks) {}

  /**
   * A task of a job.
   *
   * @param key its key
   * @param notebook notebook or Python file that it runs, null for none
   * @param pack package of the wheel that it runs, null for none
   * @param entryPoint entry point of that package, null for none
   */
  record Task(
      String key, @Nullable String notebook, @Nullable String pack, @Nullable String entryPoint) {}

  private Bundle() {}

  static Bundle of(ProjectFiles files) {
    Bundle bundle = new Bundle();
    Map<String, JsonNode> read = new HashMap<>();
    List<String> names =
        files.names().stream().filter(name -> FILE.matcher(name).matches()).toList();
    for (String name : names) {
      files.text(name).flatMap(Bundle::parse).ifPresent(root -> read.put(name, root));
    }
    // Variables of one file stand in the others.
    names.forEach(name -> bundle.variables(read.getOrDefault(name, YAML.missingNode())));
    names.forEach(name -> bundle.resources(name, read.getOrDefault(name, YAML.missingNode())));
    return bundle;
  }

  private static Optional<JsonNode> parse(String text) {
    try {
      return Optional.ofNullable(YAML.readTree(text));
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  private void variables(JsonNode root) {
    String bundle = root.path("bundle").path("name").asText();
    if (!bundle.isEmpty()) {
      values.put("bundle.name", bundle);
    }
    root.path("variables")
        .properties()
        .forEach(variable -> {
          JsonNode given = variable.getValue();
          JsonNode value = given.isObject() ? given.path("default") : given;
          if (value.isValueNode() && !value.isNull()) {
            values.putIfAbsent("var." + variable.getKey(), value.asText());
          }
        });
  }

  private void resources(String file, JsonNode root) {
    JsonNode resources = root.path("resources");
    resources
        .path("jobs")
        .properties()
        .forEach(job -> jobs.add(job(file, job.getKey(), job.getValue())));
    resources
        .path("registered_models")
        .properties()
        .forEach(model -> resolved(model.getValue().path("name").asText()).ifPresent(models::add));
  }

  private Job job(String file, String key, JsonNode job) {
    List<Task> tasks = new ArrayList<>();
    for (JsonNode task : job.path("tasks")) {
      String notebook = text(task.path("notebook_task").path("notebook_path"));
      JsonNode wheel = task.path("python_wheel_task");
      tasks.add(
          new Task(
              task.path("task_key").asText(),
              notebook == null
                  ? text(task.path("spark_python_task").path("python_file"))
                  : notebook,
              text(wheel.path("package_name")),
              text(wheel.path("entry_point"))));
    }
    String name = job.path("name").asText();
    return new Job(file, key, resolved(name.isEmpty() ? key : name).orElse(null), tasks);
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() && !node.asText().isBlank() ? node.asText() : null;
  }

  /** A text with its references replaced; empty where one depends on the target. */
  Optional<String> resolved(String text) {
    String now = text;
    for (int depth = 0; depth < DEPTH && now.contains("${"); depth++) {
      Matcher reference = REFERENCE.matcher(now);
      StringBuilder next = new StringBuilder();
      while (reference.find()) {
        String whole = String.valueOf(reference.group());
        String value = values.getOrDefault(String.valueOf(reference.group(1)), whole);
        reference.appendReplacement(next, Matcher.quoteReplacement(value));
      }
      reference.appendTail(next);
      now = next.toString();
    }
    return now.contains("${") || now.isBlank() ? Optional.empty() : Optional.of(now);
  }

  List<Job> jobs() {
    return List.copyOf(jobs);
  }

  /** Name of the model, where the bundle names one: a registered model, or a variable for it. */
  Optional<String> model() {
    return models.stream()
        .findFirst()
        .or(() -> Optional.ofNullable(values.get("var.model_name")).flatMap(this::resolved));
  }
}
