package dev.portage.localworkspace.files;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.rights.Right;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The Files API for volumes. A file appears whole or not at all.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/files">Files API reference</a>
 */
public final class FilesApi {
  private static final String FILES = "/api/2.0/fs/files";
  private static final String DIRECTORIES = "/api/2.0/fs/directories";

  private static final long PIECE = 1024 * 1024;

  private final Path root;
  private final Path arriving;
  private final Set<String> volumes;

  /**
   * Files below a folder.
   *
   * @param root where they are kept, one folder a volume
   * @param arriving where a file waits until it is whole; on the same disk
   * @param volumes the volumes there are, as {@code main.default.data}
   */
  public FilesApi(Path root, Path arriving, Set<String> volumes) {
    this.root = root;
    this.arriving = arriving;
    this.volumes = Set.copyOf(volumes);
  }

  /** Adds the calls. */
  public void addTo(ApiRoutes routes) {
    routes.on(HandlerType.PUT, FILES + "/*", Right.FILES_WRITE, this::upload);
    routes.on(HandlerType.GET, FILES + "/*", Right.FILES_READ, this::download);
    routes.on(HandlerType.HEAD, FILES + "/*", Right.FILES_READ, this::describe);
    routes.on(HandlerType.DELETE, FILES + "/*", Right.FILES_WRITE, this::delete);
    routes.on(HandlerType.PUT, DIRECTORIES + "/*", Right.FILES_WRITE, this::makeDirectory);
    routes.on(HandlerType.GET, DIRECTORIES + "/*", Right.FILES_READ, this::list);
    routes.on(HandlerType.HEAD, DIRECTORIES + "/*", Right.FILES_READ, this::directoryExists);
    routes.on(HandlerType.DELETE, DIRECTORIES + "/*", Right.FILES_WRITE, this::deleteDirectory);
  }

  private VolumePath path(ApiCall call, String base) {
    return VolumePath.parse(
        call.exchange().req().getRequestURI().substring(base.length()), volumes);
  }

  private void upload(ApiCall call) throws IOException {
    call.onlyQuery("overwrite");
    VolumePath path = path(call, FILES);
    Path target = path.in(root);
    boolean overwrite = call.queryFlag("overwrite");
    if (path.below().isEmpty() || Files.isDirectory(target)) {
      throw ApiRefusal.invalidParameter("'" + path.text() + "' is a directory");
    }
    if (!overwrite && Files.exists(target)) {
      throw ApiRefusal.alreadyExists("The file being created already exists.");
    }
    long announced = call.exchange().req().getContentLengthLong();
    Files.createDirectories(arriving);
    Files.createDirectories(parent(target));
    Path part = Files.createTempFile(arriving, "upload", ".part");
    try {
      long size;
      try (InputStream in = call.exchange().bodyInputStream();
          FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
        size = in.transferTo(Channels.newOutputStream(out));
      }
      if (announced >= 0 && size != announced) {
        throw ApiRefusal.malformed("The body ended after " + size + " of " + announced + " bytes");
      }
      if (overwrite) {
        Files.move(
            part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.move(part, target);
      }
    } catch (FileAlreadyExistsException e) {
      throw ApiRefusal.alreadyExists("The file being created already exists.");
    } finally {
      Files.deleteIfExists(part);
    }
    call.exchange().status(204);
  }

  private void download(ApiCall call) throws IOException {
    call.onlyQuery();
    Path file = existing(path(call, FILES));
    Context context = call.exchange();
    long size = Files.size(file);
    ByteRange range = ByteRange.parse(context.header("Range"), size);
    describe(context, file);
    context.header("Accept-Ranges", "bytes");
    HttpServletResponse out = context.res();
    out.setContentType("application/octet-stream");
    if (range == null) {
      out.setStatus(200);
      range = new ByteRange(0, size);
    } else {
      out.setStatus(206);
      out.setHeader(
          "Content-Range", "bytes " + range.from() + "-" + (range.end() - 1) + "/" + size);
    }
    out.setContentLengthLong(range.end() - range.from());
    call.answering(out.getStatus());
    if (call.answerIsLost()) {
      return;
    }
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long at = range.from();
      WritableByteChannel to = Channels.newChannel(out.getOutputStream());
      while (at < range.end()) {
        long moved = in.transferTo(at, Math.min(PIECE, range.end() - at), to);
        if (moved == 0) {
          throw new IOException(file + " became shorter while it was read");
        }
        at += moved;
      }
    }
  }

  private void describe(ApiCall call) throws IOException {
    call.onlyQuery();
    Path file = existing(path(call, FILES));
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
    Files.delete(existing(path(call, FILES)));
    call.exchange().status(204);
  }

  private void makeDirectory(ApiCall call) throws IOException {
    call.onlyQuery();
    VolumePath path = path(call, DIRECTORIES);
    try {
      Files.createDirectories(path.in(root));
    } catch (FileAlreadyExistsException e) {
      throw ApiRefusal.alreadyExists("A file already exists at '" + path.text() + "'.");
    }
    call.exchange().status(204);
  }

  private void list(ApiCall call) throws IOException {
    call.onlyQuery("page_size", "page_token");
    int size = (int) call.queryNumber("page_size", 1000, 1, 1000);
    String after = call.query("page_token");
    VolumePath path = path(call, DIRECTORIES);
    Path directory = existingDirectory(path);
    List<Path> entries;
    try (Stream<Path> all = Files.list(directory)) {
      entries =
          all.filter(entry -> after == null || name(entry).compareTo(after) > 0)
              .sorted((a, b) -> name(a).compareTo(name(b)))
              .limit(size + 1L)
              .toList();
    }
    List<Path> page = entries.subList(0, Math.min(size, entries.size()));
    ObjectNode answer = Json.object();
    ArrayNode contents = answer.putArray("contents");
    for (Path entry : page) {
      BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
      ObjectNode json =
          contents
              .addObject()
              .put("path", path.text() + "/" + name(entry))
              .put("is_directory", attributes.isDirectory())
              .put("name", name(entry))
              .put("last_modified", attributes.lastModifiedTime().toMillis());
      if (!attributes.isDirectory()) {
        json.put("file_size", attributes.size());
      }
    }
    if (entries.size() > page.size()) {
      answer.put("next_page_token", name(page.getLast()));
    }
    call.answer(answer);
  }

  private void directoryExists(ApiCall call) {
    call.onlyQuery();
    existingDirectory(path(call, DIRECTORIES));
    call.exchange().status(200);
  }

  private void deleteDirectory(ApiCall call) throws IOException {
    call.onlyQuery();
    VolumePath path = path(call, DIRECTORIES);
    try {
      Files.delete(existingDirectory(path));
    } catch (DirectoryNotEmptyException e) {
      throw ApiRefusal.invalidParameter("The directory '" + path.text() + "' is not empty.");
    }
    call.exchange().status(204);
  }

  private Path existing(VolumePath path) {
    Path file = path.in(root);
    if (!Files.isRegularFile(file)) {
      throw ApiRefusal.notFound("NOT_FOUND", "The file '" + path.text() + "' does not exist.");
    }
    return file;
  }

  private Path existingDirectory(VolumePath path) {
    Path directory = path.in(root);
    // A volume is there from the start, also before anything is in it.
    if (path.below().isEmpty() && Files.notExists(directory)) {
      try {
        Files.createDirectories(directory);
      } catch (IOException e) {
        throw ApiRefusal.unavailable("The volume can't be made");
      }
    }
    if (!Files.isDirectory(directory)) {
      throw ApiRefusal.notFound("NOT_FOUND", "The directory '" + path.text() + "' does not exist.");
    }
    return directory;
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }
}
