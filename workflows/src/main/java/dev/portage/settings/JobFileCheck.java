package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.Nearest;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Checks of the settings of a team's scoring job that a schema can't make. */
final class JobFileCheck {
  private static final Pattern BUNDLES = Pattern.compile("\\$\\{[^}]*}");
  private static final List<String> STARTS = List.of("schedule", "trigger", "continuous");
  private static final List<String> COMPUTE =
      List.of("new_cluster", "job_cluster_key", "existing_cluster_id", "environment_key");

  private final YamlDocument document;
  private final JsonNode settings;
  private final JobFileForm form;
  private final String base;
  private final List<ValidationError> errors = new ArrayList<>();

  /** Where secrets are written out: no error repeats anything of these texts. */
  private final Set<String> secrets = new HashSet<>();

  /**
   * @param document the settings as the file has them, to be named in errors
   * @param settings the same, with the placeholders that names imply
   * @param base folder of the file below that of {@code promotion.yaml}, "" for the same
   */
  JobFileCheck(YamlDocument document, JsonNode settings, JobFileForm form, String base) {
    this.document = document;
    this.settings = settings;
    this.form = form;
    this.base = base;
  }

  /** All errors, in order of lines. */
  List<ValidationError> errors() {
    secrets();
    texts(settings, "");
    keys();
    JobFileCode.tasks(settings).forEach(this::task);
    starts();
    if (errors.isEmpty()) {
      new JobParametersCheck(document, settings, errors).check();
    }
    errors.sort(Comparator.comparingInt(ValidationError::line));
    return List.copyOf(errors);
  }

  private void texts(JsonNode node, String pointer) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      texts(field.getValue(), pointer + "/" + YamlDocument.escape(field.getKey()));
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      texts(node.get(i), pointer + "/" + i);
    }
    if (node.isTextual() && !secrets.contains(pointer)) {
      text(node.textValue(), pointer);
    }
  }

  private void text(String text, String pointer) {
    for (String name : JobPlaces.in(text)) {
      if (form == JobFileForm.SENT && name.equals(JobPlaces.FOLDER)) {
        continue;
      }
      if (!JobPlaces.NAMES.contains(name) && !JobPlaces.isNamedThing(name)) {
        report(
            pointer,
            "{" + name + "} is not a placeholder",
            String.join(", ", JobPlaces.NAMES) + ", pool:NAME, policy:NAME",
            name.equals("version")
                ? "did you mean \"" + ScoringValues.MODEL_VERSION + "\"?"
                : Nearest.question(name, JobPlaces.NAMES));
      } else if (JobPlaces.OF_A_RUN.contains(name) && !isParameter(pointer)) {
        report(
            pointer,
            "{" + name + "} differs from run to run, and this is not a parameter of a run",
            "a parameter of the job, or of a notebook, Python file or wheel",
            "add a parameter to the job with it, and use {{job.parameters.NAME}} here");
      }
    }
    BUNDLES
        .matcher(text)
        .results()
        .forEach(reference ->
            report(
                pointer,
                reference.group() + " is a reference that only a bundle resolves",
                null,
                "write the value, or one of Portage's placeholders in braces"));
  }

  private void secrets() {
    for (JobSecrets.Found secret : JobSecrets.in(settings)) {
      secrets.add(secret.pointer());
      report(
          secret.pointer(),
          secret.what(),
          "a reference such as {{secrets/SCOPE/KEY}}",
          "if it is a secret, revoke it; if it isn't, use another name");
    }
  }

  private boolean isParameter(String pointer) {
    return JobParameters.in(settings).stream().anyMatch(one -> one.pointer().equals(pointer));
  }

  private void keys() {
    Set<String> clusters = defined("job_clusters", "job_cluster_key");
    Set<String> environments = defined("environments", "environment_key");
    Set<String> keys = defined("tasks", "task_key");
    for (JobFileCode.Task task : JobFileCode.tasks(settings)) {
      refuseUndefined(task, "/job_cluster_key", clusters);
      refuseUndefined(task, "/environment_key", environments);
      for (int i = 0; i < task.json().path("depends_on").size(); i++) {
        refuseUndefined(task, "/depends_on/" + i + "/task_key", keys);
      }
    }
  }

  private Set<String> defined(String list, String key) {
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < settings.path(list).size(); i++) {
      String name = settings.path(list).get(i).path(key).asText();
      if (!keys.add(name)) {
        report(
            "/" + list + "/" + i + "/" + key, key + " \"" + name + "\" is used twice", null, null);
      }
    }
    return keys;
  }

  private void refuseUndefined(JobFileCode.Task task, String pointer, Set<String> known) {
    JsonNode key = task.json().at(pointer);
    if (key.isTextual() && !known.contains(key.asText())) {
      report(
          task.pointer() + pointer,
          "\"" + key.asText() + "\" is defined nowhere in the file",
          known.isEmpty() ? null : String.join(", ", known.stream().sorted().toList()),
          Nearest.question(key.asText(), known));
    }
  }

  private void task(JobFileCode.Task task) {
    List<String> kinds =
        StreamSupport.stream(((Iterable<String>) task.json()::fieldNames).spliterator(), false)
            .filter(name -> name.endsWith("_task"))
            .toList();
    if (kinds.size() != 1) {
      report(
          task.pointer(),
          "task "
              + task.key()
              + " has "
              + (kinds.isEmpty() ? "nothing to run" : "two things to run")
              + (kinds.isEmpty() ? "" : ": " + String.join(", ", kinds)),
          "one of notebook_task, spark_python_task, python_wheel_task and the like",
          null);
    }
    List<String> compute = COMPUTE.stream().filter(task.json()::has).toList();
    if (compute.size() > 1) {
      report(
          task.pointer() + "/" + compute.get(1),
          "task " + task.key() + " has both " + String.join(" and ", compute),
          "one of them",
          null);
    }
    path(task, "/notebook_task", "notebook_path");
    path(task, "/spark_python_task", "python_file");
  }

  private void path(JobFileCode.Task task, String pointer, String field) {
    JsonNode code = task.json().at(pointer);
    if (!code.isObject()) {
      return;
    }
    String path = code.path(field).asText();
    String source = code.path("source").asText();
    String where = task.pointer() + pointer + "/" + field;
    if (source.equals("GIT") && JobFileCode.isAbsolute(path)) {
      report(where, path + " is not a path in the repository", "a relative path", null);
    } else if (source.equals("WORKSPACE") && !JobFileCode.isAbsolute(path)) {
      report(where, path + " is not a path of the workspace", "a path beginning with /", null);
    } else if (!JobFileCode.isAbsolute(path) && JobFileCode.below(base(), path).isEmpty()) {
      report(
          where,
          path
              + (form == JobFileForm.BUNDLE
                  ? " leads out of the folder of promotion.yaml"
                  : " leads out of the repository"),
          form == JobFileForm.BUNDLE
              ? "a path below the folder of promotion.yaml, relative to this file"
              : "a path from the top of the repository, without \"..\"",
          null);
    }
  }

  private String base() {
    return form == JobFileForm.BUNDLE ? base : "";
  }

  private void starts() {
    List<String> starts = STARTS.stream().filter(settings::has).toList();
    if (starts.size() > 1) {
      report(
          "/" + starts.get(1),
          "the job has both " + String.join(" and ", starts),
          "one of schedule, trigger and continuous",
          null);
    }
    String cron = document.text("/schedule/quartz_cron_expression");
    if (cron != null) {
      CronSchedule.fault(cron)
          .ifPresent(fault ->
              report(
                  "/schedule/quartz_cron_expression",
                  fault,
                  "Quartz cron with 6 or 7 fields, seconds first, such as \"0 0 6 * * ?\"",
                  null));
    }
    String zone = document.text("/schedule/timezone_id");
    if (zone != null && ScheduleZone.javaId(zone).isEmpty()) {
      report(
          "/schedule/timezone_id",
          "\"" + zone + "\" is not a time zone",
          "a name such as UTC or Europe/Lisbon",
          null);
    }
  }

  private void report(
      String pointer, String what, @Nullable String allowed, @Nullable String remedy) {
    errors.add(document.error(pointer, what, allowed, remedy));
  }
}
