package dev.portage.localworkspace.files;

import dev.portage.localworkspace.blobs.BlobGate;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.ByteRange;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * The Files API for volumes and model versions. A file appears completely or not at all.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/files">Files API reference</a>
 */
public final class FilesApi {
  private static final String FILES = "/api/2.0/fs/files";

  private final Places places;
  private final Path arriving;
  private final Uploads uploads;

  /**
   * Files at some places.
   *
   * @param places what paths may lead to
   * @param arriving where a file waits until it is whole; on the same disk
   * @param gate where signed URLs lead
   * @param urlLife how long a signed URL is good at most
   * @throws IOException when the folder can't be made
   */
  public FilesApi(List<FilePlaces> places, Path arriving, BlobGate gate, Duration urlLife)
      throws IOException {
    this.places = new Places(places);
    this.arriving = arriving;
    this.uploads = new Uploads(this.places, arriving, gate, urlLife);
  }

  /** Adds the calls. The kind of place decides which right a call needs. */
  public void addTo(ApiRoutes routes) {
    routes.on(HandlerType.PUT, FILES + "/*", null, this::upload);
    routes.on(HandlerType.GET, FILES + "/*", null, this::download);
    routes.on(HandlerType.HEAD, FILES + "/*", null, this::describe);
    routes.on(HandlerType.DELETE, FILES + "/*", null, this::delete);
    routes.on(HandlerType.POST, FILES + "/*", null, this::act);
    uploads.addTo(routes);
    new DirectoriesApi(places).addTo(routes);
  }

  private void upload(ApiCall call) throws IOException {
    call.onlyQuery("overwrite");
    FilePath path = places.judged(call, FILES, true);
    boolean overwrite = call.queryFlag("overwrite");
    checkTarget(path, overwrite);
    long announced = call.exchange().req().getContentLengthLong();
    Files.createDirectories(arriving);
    Path part = Files.createTempFile(arriving, "upload", ".part");
    try {
      long size;
      try (InputStream in = call.input();
          OutputStream out = Files.newOutputStream(part)) {
        size = in.transferTo(out);
      }
      if (announced >= 0 && size != announced) {
        throw ApiRefusal.malformed("The body ended after " + size + " of " + announced + " bytes");
      }
      show(part, path.file(), overwrite);
    } finally {
      Files.deleteIfExists(part);
    }
    call.exchange().status(204);
  }

  /** Refuses a target that is a directory, or there already and not to be replaced. */
  static void checkTarget(FilePath path, boolean overwrite) {
    if (path.below().isEmpty() || Files.isDirectory(path.file())) {
      throw ApiRefusal.invalidParameter("'" + path.text() + "' is a directory");
    }
    if (!overwrite && Files.exists(path.file())) {
      throw ApiRefusal.alreadyExists("The file being created already exists.");
    }
  }

  /** Makes a file that is whole visible. */
  static void show(Path arrived, Path target, boolean overwrite) throws IOException {
    Path parent = target.getParent();
    Files.createDirectories(parent == null ? target : parent);
    try {
      if (overwrite) {
        Files.move(
            arrived, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.move(arrived, target);
      }
    } catch (FileAlreadyExistsException e) {
      throw ApiRefusal.alreadyExists("The file being created already exists.");
    }
  }

  private void act(ApiCall call) throws IOException {
    FilePath path = places.judged(call, FILES, true);
    String action = call.query("action");
    switch (action == null ? "" : action) {
      case "initiate-upload" -> uploads.initiate(call, path);
      case "complete-upload" -> uploads.complete(call, path);
      default ->
          throw ApiRefusal.invalidParameter(
              "'action' must be initiate-upload or complete-upload, not '" + action + "'");
    }
  }

  private void download(ApiCall call) throws IOException {
    call.onlyQuery();
    Path file = existing(places.judged(call, FILES, false));
    Context context = call.exchange();
    long size = Files.size(file);
    ByteRange range = ByteRange.parse(context.header("Range"), size);
    describe(context, file);
    context.header("Accept-Ranges", "bytes");
    HttpServletResponse out = context.res();
    out.setContentType("application/octet-stream");
    out.setStatus(range == null ? 200 : 206);
    if (range != null) {
      out.setHeader("Content-Range", range.contentRange(size));
    }
    ByteRange part = range == null ? new ByteRange(0, size) : range;
    out.setContentLengthLong(part.length());
    call.answering(out.getStatus());
    if (!call.answerIsLost()) {
      part.copy(file, call.output());
    }
  }

  private void describe(ApiCall call) throws IOException {
    call.onlyQuery();
    Path file = existing(places.judged(call, FILES, false));
    describe(call.exchange(), file);
    call.exchange().res().setContentLengthLong(Files.size(file));
    call.exchange().status(200).contentType("application/octet-stream");
  }

  private static void describe(Context context, Path file) throws IOException {
    String modified =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Files.getLastModifiedTime(file).toInstant().atZone(ZoneOffset.UTC));
    context.header("Last-Modified", modified);
  }

  private void delete(ApiCall call) throws IOException {
    call.onlyQuery();
    Files.delete(existing(places.judged(call, FILES, true)));
    call.exchange().status(204);
  }

  private static Path existing(FilePath path) {
    if (!Files.isRegularFile(path.file())) {
      throw ApiRefusal.notFound("NOT_FOUND", "The file '" + path.text() + "' does not exist.");
    }
    return path.file();
  }
}
