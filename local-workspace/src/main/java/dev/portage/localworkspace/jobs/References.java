package dev.portage.localworkspace.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills in <code>{{job.run_id}}</code> and the like within task parameters.
 *
 * @see <a href="https://docs.databricks.com/en/jobs/dynamic-value-references.html">Dynamic value
 *     references</a>
 */
final class References {
  private static final Pattern REFERENCE = Pattern.compile("\\{\\{\\s*([^{}\\s]+)\\s*}}");

  private final Map<String, String> values = new LinkedHashMap<>();

  References(RunPlan plan, long jobRunId, long taskRunId, String taskKey) {
    values.put("job.id", Long.toString(plan.requested().jobId()));
    values.put("job.name", plan.requested().name());
    values.put("job.run_id", Long.toString(jobRunId));
    values.put("task.name", taskKey);
    values.put("task.run_id", Long.toString(taskRunId));
    plan.parameters().forEach(p -> values.put("job.parameters." + p.name(), p.value()));
  }

  Work fill(Work work) {
    return switch (work) {
      case Work.Notebook notebook -> {
        Map<String, String> filled = new LinkedHashMap<>();
        notebook.parameters().forEach((name, value) -> filled.put(name, fill(value)));
        yield new Work.Notebook(notebook.path(), filled, notebook.isOfWorkspace());
      }
      case Work.PythonFile python ->
          new Work.PythonFile(
              python.file(),
              python.arguments().stream().map(this::fill).toList(),
              python.isOfWorkspace());
      case Work.Wheel wheel ->
          new Work.Wheel(
              wheel.pack(),
              wheel.entryPoint(),
              wheel.arguments().stream().map(this::fill).toList());
    };
  }

  /** A reference that is not known stays as it is written, as it does on Databricks. */
  private String fill(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), match.group())));
  }
}
