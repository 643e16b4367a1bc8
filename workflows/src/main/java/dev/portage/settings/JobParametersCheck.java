package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether one run of a job can be given its values: it overrides one kind of parameters, for all
 * tasks of that kind.
 */
final class JobParametersCheck {
  private final YamlDocument document;
  private final JsonNode settings;
  private final List<ValidationError> errors;

  /**
   * @param document the settings as the file has them, to be named in errors
   * @param errors takes what is wrong
   */
  JobParametersCheck(YamlDocument document, JsonNode settings, List<ValidationError> errors) {
    this.document = document;
    this.settings = settings;
    this.errors = errors;
  }

  /** Adds what is wrong. */
  void check() {
    Set<JobParameters.Way> ways = JobParameters.waysOf(settings);
    List<JobParameters.Value> values = JobParameters.in(settings);
    String where = settings.path("parameters").isEmpty() ? "/tasks" : "/parameters";
    if (values.stream()
        .noneMatch(one ->
            JobPlaces.has(
                one.value(), Set.of(ScoringValues.MODEL_URI, ScoringValues.MODEL_VERSION)))) {
      report(
          where,
          "no parameter passes the version to the scoring",
          "\"{model_uri}\" or \"{model_version}\" in the value of a parameter of the job, or of a task if"
              + " the job has none",
          null);
      return;
    }
    if (ways.size() > 1) {
      report(
          where,
          "values of a run go to tasks of different kinds, and a run takes one kind of parameters",
          null,
          "add parameters to the job with these values, and use {{job.parameters.NAME}} in the tasks");
      return;
    }
    refuseConflicts(ways.iterator().next(), values);
  }

  private void refuseConflicts(JobParameters.Way way, List<JobParameters.Value> values) {
    Map<String, Map<String, String>> byTask = new HashMap<>();
    for (JobParameters.Value one : values) {
      if (one.way() == way && way != JobParameters.Way.JOB) {
        int last = one.pointer().lastIndexOf('/');
        byTask
            .computeIfAbsent(one.pointer().substring(0, last), task -> new HashMap<>())
            .put(one.pointer().substring(last + 1), one.value());
      }
    }
    Map<String, String> of = new HashMap<>();
    Set<String> told = new HashSet<>();
    for (JobParameters.Value one : values) {
      if (one.way() != way || !byTask.containsKey(task(one))) {
        continue;
      }
      Map<String, String> its = Objects.requireNonNull(byTask.get(task(one)));
      boolean conflict =
          way == JobParameters.Way.NOTEBOOKS
              ? isOther(of.putIfAbsent(one.name(), one.value()), one.value())
                  && values.stream()
                      .filter(other -> other.name().equals(one.name()))
                      .anyMatch(other -> JobPlaces.has(other.value(), JobPlaces.GIVEN))
              : byTask.values().stream().anyMatch(other -> !other.equals(its));
      if (conflict && told.add(way == JobParameters.Way.NOTEBOOKS ? one.name() : "")) {
        report(
            one.pointer(),
            "tasks of one kind have different parameters, and a run gives all of them the same"
                + (one.name().isEmpty() ? "" : " " + one.name()),
            null,
            "add parameters to the job with the values of a run, and use {{job.parameters.NAME}} in the"
                + " tasks");
      }
    }
  }

  private static boolean isOther(@Nullable String before, String value) {
    return before != null && !before.equals(value);
  }

  private static String task(JobParameters.Value value) {
    return value.pointer().substring(0, value.pointer().lastIndexOf('/'));
  }

  private void report(
      String pointer, String what, @Nullable String allowed, @Nullable String remedy) {
    errors.add(document.error(pointer, what, allowed, remedy));
  }
}
