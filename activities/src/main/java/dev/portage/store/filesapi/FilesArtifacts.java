package dev.portage.store.filesapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.portage.copy.PartLimits;
import dev.portage.copy.ReadCapabilities;
import dev.portage.copy.WriteCapabilities;
import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactStore;
import dev.portage.store.Listing;
import dev.portage.store.http.ByteStreams;
import dev.portage.store.signed.Grants;
import dev.portage.store.signed.ServedReads;
import dev.portage.store.signed.WholeWrites;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Unity Catalog files through the Files API of a Databricks workspace: files of a model version
 * under {@code /Models/CATALOG/SCHEMA/MODEL/VERSION}, and of a volume under {@code
 * /Volumes/CATALOG/SCHEMA/VOLUME}. Reads go through signed URLs if the workspace issues them and
 * the network allows, otherwise through the workspace; large files are written in parts.
 */
public final class FilesArtifacts implements ArtifactStore {
  private static final String THROUGH = "through the Files API";

  /**
   * The most that one PUT may carry (<a
   * href="https://docs.databricks.com/api/workspace/files/upload">Upload</a>).
   */
  static final long MOST_WHOLE = 5L << 30;

  private final MlflowServer server;
  private final FilesArtifactsApi api;
  private final ByteStreams streams;
  private final ServedReads reads;

  /** Null where whole files go through the workspace. */
  private final @Nullable WholeWrites signedWrites;

  private FilesArtifacts(MlflowServer server, List<String> root, boolean writesSigned) {
    this.server = server;
    this.api = new FilesArtifactsApi(server, root);
    this.streams = new ByteStreams(server.http(), server.errors());
    this.reads =
        new ServedReads(
            server,
            new FilesArtifactsSigner(api, "create-download-url"),
            THROUGH,
            path -> api.request(api.file(path)));
    this.signedWrites =
        writesSigned
            ? new WholeWrites(
                server, new Grants(new FilesArtifactsSigner(api, "create-upload-url")))
            : null;
  }

  /**
   * The files of a model version.
   *
   * @param model its registered model, in three parts
   * @param writesSigned whether whole files are written to signed URLs, as a workspace with its own
   *     storage requires, and not through it
   */
  public static FilesArtifacts ofVersion(
      MlflowServer server, String model, long version, boolean writesSigned) {
    String[] names = model.split("\\.", -1);
    return new FilesArtifacts(
        server,
        List.of("Models", names[0], names[1], names[2], String.valueOf(version)),
        writesSigned);
  }

  /**
   * A folder of a volume.
   *
   * @param path as {@code /Volumes/main/ml/artifacts/1}
   * @throws io.temporal.failure.ApplicationFailure when that is no such path
   */
  public static FilesArtifacts ofVolume(MlflowServer server, String path) {
    String plain = path.replaceAll("^/+|/+$", "");
    String objection = ArtifactPath.objection(plain);
    List<String> root = List.of(plain.split("/", -1));
    if (!objection.isEmpty() || root.size() < 4 || !root.getFirst().equals("Volumes")) {
      throw server.failure(
          FailureKind.USER,
          "reach artifacts at " + ArtifactPath.shown(path),
          objection.isEmpty() ? "that is not a folder of a volume" : "the path " + objection,
          "Allowed: /Volumes/CATALOG/SCHEMA/VOLUME, and folders in it.");
    }
    return new FilesArtifacts(server, root, false);
  }

  @Override
  public List<ArtifactFile> list() {
    return new Listing(server, "list files in " + api.path("")).files(this::entries);
  }

  /** One folder, page by page; its path ends with a slash, or is empty for the root. */
  private JsonNode entries(String folder) {
    ArrayNode entries = JsonNodeFactory.instance.arrayNode();
    String tried = "list files in " + ArtifactPath.shown(api.path(folder));
    Set<String> tokens = new HashSet<>();
    String token = "";
    do {
      HttpUrl.Builder url = api.directory(folder);
      if (!token.isEmpty()) {
        url.addQueryParameter("page_token", token);
      }
      Request request = api.request(url).build();
      HttpAnswer answer = api.ask(tried, request);
      if (answer.status() == 404 && token.isEmpty()) {
        return entries; // A folder exists as long as there are files in it.
      }
      if (!answer.isSuccess()) {
        throw api.failure(tried, request, answer);
      }
      JsonNode page = answer.json();
      if (!page.isObject()) {
        throw server.failure(
            FailureKind.PLATFORM, tried, "a response that is not JSON", "Portage retries.");
      }
      page.path("contents").forEach(entry -> entries.add(entryOf(folder, tried, entry)));
      token = page.path("next_page_token").asText("");
      if (entries.size() > Listing.MOST_FILES) {
        return entries; // The reader refuses this many.
      }
      if (!token.isEmpty() && (!tokens.add(token) || tokens.size() > Listing.MOST_FILES)) {
        throw server.failure(
            FailureKind.USER, tried, "the listing never ends", "Such a model can't be copied.");
      }
    } while (!token.isEmpty());
    return entries;
  }

  private JsonNode entryOf(String folder, String tried, JsonNode entry) {
    String start = api.path(folder.isEmpty() ? "" : folder.substring(0, folder.length() - 1)) + "/";
    String path = entry.path("path").asText().replaceAll("/+$", "");
    if (!path.startsWith(start)) {
      throw server.failure(
          FailureKind.USER,
          tried,
          "it lists " + ArtifactPath.shown(path) + ", which is elsewhere",
          "Such a model can't be copied.");
    }
    return JsonNodeFactory.instance
        .objectNode()
        .put("path", path.substring(start.length()))
        .put("is_dir", entry.path("is_directory").asBoolean())
        .set("file_size", entry.path("file_size"));
  }

  @Override
  public ReadCapabilities probeReads(@Nullable String sample) {
    return reads.probe(sample);
  }

  @Override
  public <T> T read(String path, Reader<T> reader) {
    return reads.read(path, null, 0, reader);
  }

  @Override
  public <T> T read(String path, long offset, long length, Reader<T> reader) {
    return reads.read(path, ByteStreams.Range.of(offset, length), 0, reader);
  }

  @Override
  public WriteCapabilities probeWrites() {
    String way = signedWrites != null ? "through signed URLs" : THROUGH;
    PartLimits parts = FilesArtifactsUploads.offered(api);
    return new WriteCapabilities(parts == null ? way : way + ", parts through signed URLs", parts);
  }

  @Override
  public void write(String path, long size, Body body) {
    Attempt attempt = attempt("write", path);
    if (size > MOST_WHOLE) {
      throw server.failure(
          FailureKind.USER,
          attempt.tried(),
          "it has " + size + " bytes, but the workspace accepts " + MOST_WHOLE + " at once",
          "Enable multipart uploads for the workspace, and make its storage reachable from the worker.");
    }
    if (signedWrites != null) {
      signedWrites.write(path, size, body);
      return;
    }
    Request.Builder request = api.request(api.file(path).addQueryParameter("overwrite", "true"));
    HttpAnswer answer = streams.send(attempt, request, "PUT", size, body);
    if (!answer.isSuccess()) {
      throw api.failure(attempt.tried(), request.build(), answer);
    }
  }

  @Override
  public boolean delete(String path) {
    String tried = attempt("delete", path).tried();
    Request request = api.request(api.file(path)).delete().build();
    HttpAnswer answer = api.ask(tried, request);
    if (answer.status() == 403) {
      return false;
    }
    if (!answer.isSuccess() && answer.status() != 404) {
      throw api.failure(tried, request, answer);
    }
    return true;
  }

  @Override
  public Upload begin(String path, long size, long partBytes, int parts) {
    return FilesArtifactsUploads.begin(api, path, size, partBytes, parts);
  }

  @Override
  public Upload resume(String path, String token) {
    return FilesArtifactsUploads.resume(api, path, token);
  }

  private Attempt attempt(String what, String path) {
    return server.attempt(what + " file " + ArtifactPath.shown(path));
  }
}
