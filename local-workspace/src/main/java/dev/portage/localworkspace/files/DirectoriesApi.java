package dev.portage.localworkspace.files;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/** Directories of the Files API. */
final class DirectoriesApi {
  private static final String DIRECTORIES = "/api/2.0/fs/directories";

  private final Places places;

  DirectoriesApi(Places places) {
    this.places = places;
  }

  void addTo(ApiRoutes routes) {
    routes.on(HandlerType.GET, DIRECTORIES + "/*", null, this::list);
    routes.on(HandlerType.HEAD, DIRECTORIES + "/*", null, this::exists);
  }

  private void list(ApiCall call) throws IOException {
    call.onlyQuery("page_size", "page_token");
    int size = (int) call.queryNumber("page_size", 1000, 1, 1000);
    String after = call.query("page_token");
    FilePath path = places.judged(call, DIRECTORIES, false);
    Path directory = existing(path);
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

  private void exists(ApiCall call) {
    call.onlyQuery();
    existing(places.judged(call, DIRECTORIES, false));
    call.exchange().status(200);
  }

  private static Path existing(FilePath path) {
    Path directory = path.file();
    // A volume exists from the start, even while it is empty.
    if (path.below().isEmpty() && Files.notExists(directory)) {
      try {
        Files.createDirectories(directory);
      } catch (IOException e) {
        throw ApiRefusal.unavailable("The folder of " + path.place() + " can't be created");
      }
    }
    if (!Files.isDirectory(directory)) {
      throw ApiRefusal.notFound("NOT_FOUND", "The directory '" + path.text() + "' does not exist.");
    }
    return directory;
  }

  private static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }
}
