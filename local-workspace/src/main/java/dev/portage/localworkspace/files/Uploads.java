package dev.portage.localworkspace.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.blobs.BlobGate;
import dev.portage.localworkspace.blobs.FileLinks;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Shape;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Signed URLs of the Files API, and multipart uploads. Only its clients are published.
 *
 * @see <a
 *     href="https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/mixins/files.py">databricks-sdk-py,
 *     files.py</a>
 */
final class Uploads implements FileLinks.Target {
  private static final int MOST_PARTS = 10_000;

  private static final Shape PART_URLS =
      Shape.fields()
          .needs("path", Shape.text(4096))
          .needs("session_token", Shape.text(1000))
          .needs("start_part_number", Shape.whole(1, MOST_PARTS))
          .needs("count", Shape.whole(1, 1000))
          .with("expire_time", Shape.text(50));

  private static final Shape ABORT_URL =
      Shape.fields()
          .needs("path", Shape.text(4096))
          .needs("session_token", Shape.text(1000))
          .with("expire_time", Shape.text(50));

  private static final Shape FILE_URL =
      Shape.fields().with("path", Shape.text(4096)).with("expire_time", Shape.text(50));

  private static final Shape COMPLETE =
      Shape.fields()
          .needs(
              "parts",
              Shape.listOf(
                  Shape.fields()
                      .needs("part_number", Shape.whole(1, MOST_PARTS))
                      .needs("etag", Shape.text(200)),
                  MOST_PARTS));

  private final Places places;
  private final Path sessions;
  private final FileLinks links;

  Uploads(Places places, Path arriving, BlobGate gate, Duration urlLife) throws IOException {
    this.places = places;
    this.sessions = Files.createDirectories(arriving.resolve("sessions"));
    this.links = new FileLinks(gate, arriving.resolve("signed"), urlLife, this);
  }

  void addTo(ApiRoutes routes) {
    String base = "/api/2.0/fs/";
    routes.on(HandlerType.POST, base + "create-upload-part-urls", null, this::partUrls);
    routes.on(HandlerType.POST, base + "create-abort-upload-url", null, this::abortUrl);
    routes.on(HandlerType.POST, base + "create-download-url", null, call -> fileUrl(call, false));
    routes.on(HandlerType.POST, base + "create-upload-url", null, call -> fileUrl(call, true));
  }

  void initiate(ApiCall call, FilePath path) throws IOException {
    call.onlyQuery("action", "overwrite");
    boolean overwrite = call.queryFlag("overwrite");
    FilesApi.checkTarget(path, overwrite);
    String token = UploadSession.begin(sessions, path.text(), overwrite);
    ObjectNode answer = Json.object();
    answer.putObject("multipart_upload").put("session_token", token);
    call.answer(answer);
  }

  void complete(ApiCall call, FilePath path) throws IOException {
    call.onlyQuery("action", "upload_type", "session_token");
    if (!"multipart".equals(call.query("upload_type"))) {
      throw ApiRefusal.invalidParameter("'upload_type' must be multipart");
    }
    JsonNode body = call.body(COMPLETE);
    UploadSession session = session(path, call.query("session_token"));
    SortedMap<Integer, String> etags = new TreeMap<>();
    for (JsonNode part : body.get("parts")) {
      if (etags.put(part.get("part_number").asInt(), part.get("etag").asText()) != null) {
        throw ApiRefusal.invalidParameter(
            "Part " + part.get("part_number") + " is named more than once");
      }
    }
    FilesApi.checkTarget(path, session.overwrite());
    FilesApi.show(session.join(etags), path.file(), session.overwrite());
    session.end();
    call.answer(Json.object());
  }

  private void partUrls(ApiCall call) throws IOException {
    JsonNode body = call.body(PART_URLS);
    FilePath path = places.judgedText(call, body.get("path").asText(), true);
    String token = body.get("session_token").asText();
    session(path, token);
    Instant until = until(Json.text(body, "expire_time"));
    int first = body.get("start_part_number").asInt();
    ObjectNode answer = Json.object();
    ArrayNode urls = answer.putArray("upload_part_urls");
    for (int number = first; number < first + body.get("count").asInt(); number++) {
      String url = links.toWrite(key(token) + "/" + number, until);
      urls.addObject().put("url", url).put("part_number", number).putArray("headers");
    }
    call.answer(answer);
  }

  private void abortUrl(ApiCall call) throws IOException {
    JsonNode body = call.body(ABORT_URL);
    String token = body.get("session_token").asText();
    session(places.judgedText(call, body.get("path").asText(), true), token);
    Instant until = until(Json.text(body, "expire_time"));
    ObjectNode answer = Json.object();
    answer
        .putObject("abort_upload_url")
        .put("url", links.toEnd(key(token), until))
        .putArray("headers");
    call.answer(answer);
  }

  /** MLflow's client sends the path in a body, Databricks' Python SDK in the query. */
  private void fileUrl(ApiCall call, boolean writes) {
    call.onlyQuery("path", "expire_time");
    JsonNode body = call.body(FILE_URL);
    String inQuery = call.query("path");
    String text = inQuery == null ? Json.text(body, "path") : inQuery;
    if (text == null) {
      throw ApiRefusal.invalidParameter("Missing required field: path");
    }
    String time = call.query("expire_time");
    Instant until = until(time == null ? Json.text(body, "expire_time") : time);
    FilePath path = places.judgedText(call, text, writes);
    if (!writes && !Files.isRegularFile(path.file())) {
      throw ApiRefusal.notFound("NOT_FOUND", "The file '" + path.text() + "' does not exist.");
    }
    if (writes) {
      FilesApi.checkTarget(path, true);
    }
    String key = path.text().substring(1);
    String url = writes ? links.toWrite(key, until) : links.toRead(key, until);
    ObjectNode answer = Json.object().put("url", url);
    answer.putArray("headers");
    call.answer(answer);
  }

  private UploadSession session(FilePath path, @Nullable String token) throws IOException {
    UploadSession session = UploadSession.of(sessions, token == null ? "" : token);
    if (!session.path().equals(path.text())) {
      throw ApiRefusal.invalidParameter("The upload session is for another path");
    }
    return session;
  }

  private static @Nullable Instant until(@Nullable String time) {
    if (time == null) {
      return null;
    }
    Instant until;
    try {
      until = OffsetDateTime.parse(time).toInstant();
    } catch (DateTimeException e) {
      throw ApiRefusal.invalidParameter(
          "'expire_time' must be a time such as 2026-01-31T12:00:00Z, not '" + time + "'");
    }
    if (until.isBefore(Instant.now())) {
      throw ApiRefusal.invalidParameter("'expire_time' is in the past: " + time);
    }
    return until;
  }

  private static String key(String token) {
    return "uploads/" + UploadSession.id(token);
  }

  @Override
  public Path file(String key) {
    return places.known(key).file();
  }

  @Override
  public String take(String key, Path arrived) throws IOException {
    String[] parts = key.split("/", -1);
    if (parts[0].equals("uploads") && parts.length == 3) {
      return UploadSession.byId(sessions, parts[1]).take(Integer.parseInt(parts[2]), arrived);
    }
    FilesApi.show(arrived, places.known(key).file(), true);
    return "\"" + Long.toHexString(System.nanoTime()) + "\"";
  }

  @Override
  public boolean end(String key) throws IOException {
    String[] parts = key.split("/", -1);
    if (!parts[0].equals("uploads") || parts.length != 2) {
      return false;
    }
    UploadSession.byId(sessions, parts[1]).end();
    return true;
  }
}
