package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.job.JobCode;
import dev.portage.job.JobCode.Part;
import dev.portage.job.SettingChange;
import dev.portage.text.Bounded;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which code a job runs: by its commit where a task runs a file of a repository, by the hash of its
 * content where it runs one of the workspace or of a volume. Packages from an index are settings,
 * and no code of the team's.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/workspace/export">workspace/export</a>
 */
final class ScoringCode {

  /** A longer file is not read: whoever looks waits for it. */
  private static final long LONGEST = 8L * 1024 * 1024;

  /** So many files of a workspace are read at most: one call each, within one attempt. */
  private static final int MOST_READ = 5;

  private static final String OTHER_SOURCE = "it is not of a commit, and no call returns it";

  private final DatabricksApi api;
  private final JsonNode settings;
  private final List<Part> parts = new ArrayList<>();
  private int read;

  private ScoringCode(DatabricksApi api, JsonNode settings) {
    this.api = api;
    this.settings = settings;
  }

  /**
   * The code of a job with these settings.
   *
   * @return null for a job without tasks
   * @throws ApplicationFailure the platform's, where a file could not be read for now
   */
  static @Nullable JobCode of(DatabricksApi api, JsonNode settings) {
    ScoringCode code = new ScoringCode(api, settings);
    settings.path("tasks").forEach(code::add);
    return code.parts.isEmpty()
        ? null
        : new JobCode(
            sha256(
                code.parts.stream()
                    .map(Part::line)
                    .collect(Collectors.joining("\n"))
                    .getBytes(StandardCharsets.UTF_8)),
            code.parts);
  }

  /**
   * The same after a change was made, which must not fail since a file could not be read for now.
   *
   * @return null also where the code is not known
   */
  static @Nullable JobCode ifReadable(DatabricksApi api, JsonNode settings) {
    try {
      return of(api, settings);
    } catch (ApplicationFailure unread) {
      return null;
    }
  }

  /**
   * What changes in the code, as it is shown; what nobody can tell apart is shown in any case. That
   * another commit has other code is a change of the settings.
   *
   * @param now the code of the job, null if there is none
   * @param then the code of the planned job, null likewise
   */
  static List<SettingChange> changes(@Nullable JobCode now, @Nullable JobCode then) {
    if (then == null) {
      return List.of();
    }
    List<SettingChange> changes = new ArrayList<>();
    for (String task : then.parts().stream().map(Part::task).distinct().toList()) {
      List<Part> parts = then.parts().stream().filter(part -> part.task().equals(task)).toList();
      boolean isOutside = parts.stream().anyMatch(part -> part.commit() == null);
      boolean isUnknown = parts.stream().anyMatch(part -> part.unknown() != null);
      String was = now == null || now.of(task).isEmpty() ? SettingChange.NOTHING : now.of(task);
      if (isOutside && (isUnknown || !was.equals(then.of(task)))) {
        changes.add(new SettingChange("code of task " + task, was, then.of(task)));
      }
    }
    return changes;
  }

  private void add(JsonNode task) {
    String key = task.path("task_key").asText();
    JsonNode each = task.path("for_each_task").path("task");
    JsonNode work = each.isObject() ? each : task;
    boolean any = file(key, work, "notebook_task", "notebook_path");
    any |= file(key, work, "spark_python_task", "python_file");
    any |= libraries(key, work);
    if (!any) {
      parts.add(
          new Part(
              key, "a " + kind(work), null, null, "its code is kept where no call returns it"));
    }
  }

  private static String kind(JsonNode task) {
    return task.properties().stream()
        .map(Map.Entry::getKey)
        .filter(name -> name.endsWith("_task"))
        .findFirst()
        .orElse("task of an unknown kind");
  }

  private boolean file(String key, JsonNode task, String kind, String field) {
    JsonNode work = task.path(kind);
    String path = work.path(field).asText();
    if (path.isEmpty()) {
      return false;
    }
    String source = work.path("source").asText();
    boolean absolute = path.startsWith("/") || path.contains(":/");
    boolean isGit =
        source.equals("GIT")
            || (source.isEmpty() && settings.path("git_source").isObject() && !absolute);
    String format = kind.equals("notebook_task") ? "SOURCE" : "AUTO";
    parts.add(isGit ? ofRepository(key, path) : ofWorkspace(key, path, format));
    return true;
  }

  private Part ofRepository(String key, String path) {
    JsonNode git = settings.path("git_source");
    String commit = git.path("git_commit").asText();
    if (!commit.isEmpty()) {
      return new Part(key, path, commit, null, null);
    }
    String branch = git.path("git_branch").asText(git.path("git_tag").asText());
    return new Part(
        key,
        path,
        null,
        null,
        "each run takes what "
            + (branch.isEmpty() ? "the default branch" : Bounded.line(branch, Bounded.NAME))
            + " is by then");
  }

  /** Wheels and jars that a task installs, for itself or by its environment. */
  private boolean libraries(String key, JsonNode task) {
    int before = parts.size();
    for (JsonNode library : task.path("libraries")) {
      for (String kind : List.of("whl", "jar", "egg")) {
        String path = library.path(kind).asText();
        if (!path.isEmpty()) {
          parts.add(ofWorkspace(key, path, "AUTO"));
        }
      }
    }
    String environment = task.path("environment_key").asText();
    for (JsonNode one : settings.path("environments")) {
      if (!environment.isEmpty() && one.path("environment_key").asText().equals(environment)) {
        for (JsonNode dependency : one.path("spec").path("dependencies")) {
          String path = dependency.asText();
          if (path.endsWith(".whl") && path.startsWith("/")) {
            parts.add(ofWorkspace(key, path, "AUTO"));
          }
        }
      }
    }
    return parts.size() > before;
  }

  private Part ofWorkspace(String key, String path, String format) {
    if (!path.startsWith("/")) {
      return new Part(key, path, null, null, OTHER_SOURCE);
    }
    if (++read > MOST_READ) {
      return new Part(key, path, null, null, "the job has more files than are read");
    }
    boolean isVolume = path.startsWith("/Volumes/");
    String call =
        isVolume
            ? "/api/2.0/fs/files" + DatabricksApi.escaped(path).replace("%2F", "/")
            : "/api/2.0/workspace/export?path="
                + DatabricksApi.escaped(path)
                + "&format="
                + format
                + "&direct_download=true";
    try {
      Optional<byte[]> content = api.bytes("read the code of task " + key, call, LONGEST);
      return content
          .map(bytes -> new Part(key, path, null, sha256(bytes), null))
          .orElse(new Part(key, path, null, null, "it is too large to be read"));
    } catch (ApplicationFailure failure) {
      if (FailureKind.PLATFORM.type().equals(failure.getType())) {
        throw failure;
      }
      return new Part(key, path, null, null, Bounded.line(Failures.line(failure), Bounded.NAME));
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
