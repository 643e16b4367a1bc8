package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the code of a job's tasks is. A job with a Git source looks there for every task that does
 * not say where, and Portage gives it one: so each task says it itself, as the file meant it.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/create">jobs/create, {@code
 *     source}</a>
 */
final class JobFileCode {
  private static final String GIT = "GIT";
  private static final String WORKSPACE = "WORKSPACE";

  /** Tasks with code, and where they name it. */
  private static final List<Place> PLACES =
      List.of(
          new Place("/notebook_task", "notebook_path"),
          new Place("/spark_python_task", "python_file"),
          new Place("/sql_task/file", "path"),
          new Place("/dbt_task", "project_directory"));

  private record Place(String pointer, String field) {}

  private JobFileCode() {}

  /**
   * The settings with the source of each task's code.
   *
   * @param base folder of a bundle's file below that of {@code promotion.yaml}, "" for the same
   */
  static JsonNode located(JsonNode settings, JobFileForm form, String base) {
    JsonNode located = settings.deepCopy();
    for (Task task : tasks(located)) {
      for (Place place : PLACES) {
        if (task.json().at(place.pointer()) instanceof ObjectNode code) {
          locate(code, place.field(), form, base);
        }
      }
    }
    return located;
  }

  private static void locate(ObjectNode code, String field, JobFileForm form, String base) {
    String path = code.path(field).asText();
    String source = code.path("source").asText();
    boolean inCommit = source.isEmpty() ? !isAbsolute(path) : source.equals(GIT);
    code.put("source", inCommit ? GIT : WORKSPACE);
    if (!inCommit || path.isEmpty()) {
      return;
    }
    // A bundle's paths begin at its file, which Portage knows below the folder of promotion.yaml.
    String its =
        form == JobFileForm.BUNDLE
            ? "{" + JobPlaces.FOLDER + "}" + below(base, path).orElse(path)
            : below("", path).orElse(path);
    code.put(field, field.equals("notebook_path") ? NotebookName.withoutEnding(its) : its);
  }

  /** Whether a path is no repository's: one of the workspace, a volume or a store. */
  static boolean isAbsolute(String path) {
    return path.startsWith("/") || path.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*:.*");
  }

  /** A relative path from a folder, without dots; empty if it leads out of the top. */
  static Optional<String> below(String base, String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : (base + "/" + path).split("/", -1)) {
      if (part.equals("..")) {
        if (parts.pollLast() == null) {
          return Optional.empty();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return Optional.of(String.join("/", parts));
  }

  /** Files of the commit that tasks run; a notebook without its ending. */
  static List<String> inCommit(JsonNode settings, String folder) {
    List<String> files = new ArrayList<>();
    for (Task task : tasks(settings)) {
      for (Place place : PLACES.subList(0, 2)) {
        JsonNode code = task.json().at(place.pointer());
        if (code.path("source").asText().equals(GIT)) {
          files.add(path(code.path(place.field()).asText(), folder));
        }
      }
    }
    return List.copyOf(files);
  }

  /** What tasks run that is not of the commit, as "task score runs /Shared/score". */
  static List<String> notInCommit(JsonNode settings) {
    List<String> outside = new ArrayList<>();
    for (Task task : tasks(settings)) {
      for (Place place : PLACES) {
        JsonNode code = task.json().at(place.pointer());
        if (code.path("source").asText().equals(WORKSPACE)) {
          outside.add("task " + task.key() + " runs " + code.path(place.field()).asText());
        }
      }
    }
    return List.copyOf(outside);
  }

  /** Where a file of {@link #inCommit} is named; null for nowhere. */
  static @Nullable String pointer(JsonNode settings, String file, String folder) {
    for (Task task : tasks(settings)) {
      for (Place place : PLACES) {
        JsonNode code = task.json().at(place.pointer());
        if (path(code.path(place.field()).asText(), folder).equals(file)) {
          return task.pointer() + place.pointer() + "/" + place.field();
        }
      }
    }
    return null;
  }

  private static String path(String written, String folder) {
    return written.replace("{" + JobPlaces.FOLDER + "}", folder.isEmpty() ? "" : folder + "/");
  }

  /**
   * A task, also one that another repeats.
   *
   * @param pointer where it stands
   */
  record Task(String pointer, JsonNode json) {
    String key() {
      return json.path("task_key").asText();
    }
  }

  /** All tasks of settings. */
  static List<Task> tasks(JsonNode settings) {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < settings.path("tasks").size(); i++) {
      Task task = new Task("/tasks/" + i, settings.path("tasks").get(i));
      tasks.add(task);
      JsonNode repeated = task.json().at("/for_each_task/task");
      if (repeated.isObject()) {
        tasks.add(new Task(task.pointer() + "/for_each_task/task", repeated));
      }
    }
    return tasks;
  }
}
