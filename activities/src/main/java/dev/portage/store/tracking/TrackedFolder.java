package dev.portage.store.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactPath;
import dev.portage.store.Listing;
import io.temporal.failure.ApplicationFailure;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder in the artifacts of a run or logged model, as the tracking server itself lists it (<a
 * href="https://mlflow.org/docs/latest/rest-api.html#list-artifacts">artifacts/list</a>, {@code
 * logged-models/{id}/artifacts/directories}), wherever the files are.
 */
final class TrackedFolder {
  /** Of one folder; each page is a call. */
  private static final int MOST_PAGES = 2_000;

  private final MlflowServer server;
  private final Owner owner;
  private final String uri;

  /** Path below the owner's artifacts, null until requested. */
  private volatile @Nullable String below;

  /**
   * Describes a server without calling it.
   *
   * @param uri artifact URI of the folder
   */
  TrackedFolder(MlflowServer server, Owner owner, String uri) {
    this.server = server;
    this.owner = owner;
    this.uri = uri;
  }

  /** Whose artifacts they are. */
  sealed interface Owner {
    /** Its id. */
    String id();

    /** A run. */
    record OfRun(String id) implements Owner {}

    /** A logged model. */
    record OfModel(String id) implements Owner {}
  }

  /** Its server. */
  MlflowServer server() {
    return server;
  }

  /** Whose it is. */
  Owner owner() {
    return owner;
  }

  /** Path of a file of this folder below all artifacts of its owner. */
  String pathOf(String file) {
    String folder = below();
    return folder.isEmpty() ? file : folder.endsWith("/") ? folder + file : folder + "/" + file;
  }

  /** The owner says where its artifacts begin, requested as by MLflow's own client. */
  private String below() {
    String known = below;
    if (known == null) {
      String root =
          switch (owner) {
            case Owner.OfRun(String id) -> server.runs().get(id).artifactUri();
            case Owner.OfModel(String id) ->
                server
                    .loggedModels()
                    .find(id)
                    .orElseThrow(() -> refused("find logged model " + id, "there is none"))
                    .artifactUri();
          };
      String all = normal(root);
      String here = normal(uri);
      if (!here.equals(all) && !here.startsWith(all + "/")) {
        throw server.failure(
            FailureKind.USER,
            "reach artifacts at " + ArtifactPath.shown(uri),
            "they are not below those of " + owner.id() + ", " + ArtifactPath.shown(root),
            "Such a location is not supported.");
      }
      known = here.equals(all) ? "" : here.substring(all.length() + 1);
      below = known;
    }
    return known;
  }

  /** Scheme and path without doubled and trailing slashes. */
  private static String normal(String uri) {
    return uri.replaceAll("(?<!:)/+", "/").replaceAll(":/+", ":/").replaceAll("/+$", "");
  }

  /** All files below. */
  List<ArtifactFile> list() {
    return new Listing(server, "list files in " + ArtifactPath.shown(uri)).files(this::entries);
  }

  /** One folder; its path ends with a slash, or is empty for the root. */
  private JsonNode entries(String folder) {
    String path = pathOf(folder).replaceAll("/+$", "");
    String tried = "list files in " + ArtifactPath.shown(path.isEmpty() ? uri : path);
    ArrayNode entries = JsonNodeFactory.instance.arrayNode();
    Set<String> tokens = new HashSet<>();
    String token = "";
    do {
      JsonNode page = page(tried, path, token);
      for (JsonNode file : page.path("files")) {
        String name = file.path("path").asText();
        if (name.equals(path) && !file.path("is_dir").asBoolean()) {
          continue; // If asked about a file, the server lists only that file.
        }
        if (!path.isEmpty() && !name.startsWith(path + "/")) {
          throw refused(tried, "\"" + ArtifactPath.shown(name) + "\" is not in that folder");
        }
        entries
            .addObject()
            .put("path", path.isEmpty() ? name : name.substring(path.length() + 1))
            .put("is_dir", file.path("is_dir").asBoolean())
            .set("file_size", file.path("file_size"));
      }
      token = page.path("next_page_token").asText();
      if (entries.size() > Listing.MOST_FILES || tokens.size() > MOST_PAGES) {
        throw refused(tried, "more than " + Listing.MOST_FILES + " files or folders");
      }
      if (!token.isEmpty() && !tokens.add(token)) {
        throw refused(tried, "a listing with a cycle");
      }
    } while (!token.isEmpty());
    return entries;
  }

  private JsonNode page(String tried, String path, String token) {
    Map<String, String> query = new LinkedHashMap<>();
    if (!token.isEmpty()) {
      query.put("page_token", token);
    }
    return switch (owner) {
      case Owner.OfRun(String id) -> {
        query.put("run_id", id);
        if (!path.isEmpty()) {
          query.put("path", path);
        }
        yield server.get(tried, "artifacts/list", query);
      }
      case Owner.OfModel(String id) -> {
        if (!path.isEmpty()) {
          query.put("artifact_directory_path", path);
        }
        yield server.get(tried, "logged-models/" + id + "/artifacts/directories", query);
      }
    };
  }

  private ApplicationFailure refused(String tried, String why) {
    return server.failure(FailureKind.USER, tried, why, "Such a model can't be copied.");
  }
}
