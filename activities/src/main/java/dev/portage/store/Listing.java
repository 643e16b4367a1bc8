package dev.portage.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A complete listing that a server gives folder by folder. It is not trusted: names that could be
 * misread are refused, and so is a listing that never ends or contradicts itself.
 */
public final class Listing {
  public static final int MOST_FILES = 100_000;
  private static final int DEEPEST = 64;
  private static final int AT_ONCE = 8;

  private final MlflowServer server;
  private final String tried;
  private final Map<String, ArtifactFile> files = new TreeMap<>();
  private int folders;

  public Listing(MlflowServer server, String tried) {
    this.server = server;
    this.tried = tried;
  }

  /**
   * All files.
   *
   * @param entries the contents of a folder, whose path ends with a slash or is empty for the root
   */
  public List<ArtifactFile> files(Function<String, JsonNode> entries) {
    List<String> level = List.of("");
    for (int depth = 0; !level.isEmpty(); depth++) {
      if (depth > DEEPEST) {
        throw refused("folders more than " + DEEPEST + " deep");
      }
      Map<String, JsonNode> answers = new ConcurrentHashMap<>();
      Parallel.each(level, AT_ONCE, folder -> answers.put(folder, entries.apply(folder)));
      List<String> next = new ArrayList<>();
      for (String folder : level) {
        JsonNode answer = answers.get(folder);
        if (answer != null) {
          next.addAll(take(folder, answer));
        }
      }
      level = next;
    }
    // MLflow omits a size of 0, as protobuf does; a store that knows no sizes returns none at all.
    boolean sized = files.values().stream().anyMatch(file -> file.size() != null);
    return files.values().stream()
        .map(file -> sized && file.size() == null ? new ArtifactFile(file.path(), 0L) : file)
        .toList();
  }

  /** Takes the contents of one folder; returns its subfolders. */
  private List<String> take(String folder, JsonNode entries) {
    List<String> inside = new ArrayList<>();
    for (JsonNode entry : entries) {
      String name = entry.path("path").asText();
      String path = folder + name;
      String objection =
          name.indexOf('/') >= 0 ? "has '/' in its name" : ArtifactPath.objection(path);
      if (!objection.isEmpty()) {
        throw refused("the file \"" + ArtifactPath.shown(path) + "\" " + objection);
      }
      if (entry.path("is_dir").asBoolean()) {
        inside.add(path + "/");
        folders++;
      } else {
        add(new ArtifactFile(path, size(entry.path("file_size"))));
      }
      if (files.size() > MOST_FILES || folders > MOST_FILES) {
        throw refused("more than " + MOST_FILES + " files or folders");
      }
    }
    for (String path : inside) {
      if (files.containsKey(path.substring(0, path.length() - 1))) {
        throw refused("\"" + ArtifactPath.shown(path) + "\" is both a file and a folder");
      }
    }
    return inside;
  }

  private void add(ArtifactFile file) {
    if (files.put(file.path(), file) != null) {
      throw refused("the file \"" + ArtifactPath.shown(file.path()) + "\" is listed twice");
    }
  }

  private static @Nullable Long size(JsonNode size) {
    if (size.isIntegralNumber() && size.asLong() >= 0) {
      return size.asLong();
    }
    return size.isTextual() && size.asText().matches("\\d{1,18}")
        ? Long.valueOf(size.asText())
        : null;
  }

  private ApplicationFailure refused(String why) {
    return server.failure(FailureKind.USER, tried, why, "Such a model can't be copied.");
  }
}
