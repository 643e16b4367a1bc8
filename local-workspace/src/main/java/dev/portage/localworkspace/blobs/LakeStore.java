package dev.portage.localworkspace.blobs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Files as Azure Data Lake Storage Gen2 handles them, on disk: created empty, appended to at
 * positions, and complete once flushed.
 *
 * @see <a
 *     href="https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/update">Path
 *     - Update</a>
 */
final class LakeStore extends DiskStore {
  private static final String ACCOUNT = "local";
  private static final Set<String> SIGNATURE = Set.of("sv", "st", "se", "sr", "sp", "sig");

  private final Sas sas;

  /** What was appended and not yet flushed, by key and position. */
  private final Map<String, SortedMap<Long, Path>> appended = new HashMap<>();

  LakeStore(BlobGate gate, Path folder, String key, String container, Duration life)
      throws IOException {
    super(gate, folder, container, life);
    this.sas = new Sas(ACCOUNT, key);
    gate.open(this);
  }

  @Override
  public String credentialType() {
    return "AZURE_ADLS_GEN2_SAS_URI";
  }

  @Override
  public SignedUrl sign(String key, Access access) {
    String permissions = access == Access.READ ? "r" : "cw";
    String query = query(container + "/" + key, permissions);
    return new SignedUrl(
        gate.base() + "/" + name() + "/" + container + "/" + Escapes.path(key) + "?" + query,
        Map.of());
  }

  private String query(String place, String permissions) {
    Instant now = gate.clock().instant();
    return gate.urls()
        .issue(more -> sas.sign(place, "b", permissions, now, now.plus(life).plusSeconds(more)));
  }

  @Override
  public String name() {
    return "adls";
  }

  @Override
  public Dialect dialect() {
    return Dialect.AZURE_LAKE;
  }

  @Override
  public BlobRefusal expired() {
    return Sas.expired();
  }

  @Override
  public void serve(BlobCall call) throws IOException {
    boolean reads = call.method().equals("GET") || call.method().equals("HEAD");
    sas.check(call.place(), call.query(), reads ? "r" : "cw", call.at());
    if (!call.place().startsWith(container + "/")) {
      throw new BlobRefusal(404, "FilesystemNotFound", "The specified filesystem does not exist.");
    }
    String key = key(call.place());
    switch (call.method()) {
      case "GET", "HEAD" -> {
        call.onlyQuery(SIGNATURE);
        call.file(files.at(key), dialect());
      }
      case "PUT" -> create(call, key);
      case "PATCH" -> update(call, key);
      default -> throw new BlobRefusal(405, "UnsupportedHttpVerb", "Unknown operation.");
    }
  }

  private void create(BlobCall call, String key) throws IOException {
    call.onlyQuery(SIGNATURE, "resource");
    if (!"file".equals(call.query("resource"))) {
      throw new BlobRefusal(
          400, "InvalidQueryParameterValue", "'resource' is required here and must be 'file'.");
    }
    if (call.length() != 0) {
      throw new BlobRefusal(400, "InvalidHeaderValue", "A file is created without a body.");
    }
    if (Files.isDirectory(files.at(key))) {
      throw new BlobRefusal(409, "PathAlreadyExists", "There is a directory of this name.");
    }
    synchronized (appended) {
      forget(appended.put(key, new TreeMap<>()));
      files.put(files.arriving(), key);
    }
    call.exchange().header("ETag", "\"" + System.nanoTime() + "\"");
    call.done(201);
  }

  private void update(BlobCall call, String key) throws IOException {
    call.onlyQuery(SIGNATURE, "action", "position", "flush", "close", "retainUncommittedData");
    String text = call.query("position");
    if (text == null || !text.matches("\\d{1,18}")) {
      throw new BlobRefusal(400, "InvalidQueryParameterValue", "'position' must be a number.");
    }
    long position = Long.parseLong(text);
    String action = call.query("action");
    if (!files.size(key).isPresent()) {
      throw dialect().missing();
    }
    if ("append".equals(action)) {
      long length = call.length();
      if (length == 0) {
        throw new BlobRefusal(400, "InvalidHeaderValue", "Content-Length must be greater than 0.");
      }
      append(call, key, position, length);
      boolean flush = "true".equals(call.query("flush"));
      if (flush) {
        flush(key, position + length);
      }
      call.done(flush ? 200 : 202);
    } else if ("flush".equals(action)) {
      if (call.length() != 0) {
        throw new BlobRefusal(400, "InvalidHeaderValue", "A flush has no body.");
      }
      flush(key, position);
      call.done(200);
    } else {
      throw new BlobRefusal(
          400, "InvalidQueryParameterValue", "'action' must be 'append' or 'flush' here.");
    }
  }

  private void append(BlobCall call, String key, long position, long length) throws IOException {
    Path part = files.arrive(call.input(), length);
    synchronized (appended) {
      if (position < files.size(key).orElse(0)) {
        Files.deleteIfExists(part);
        throw flushRefused("this position has already been flushed");
      }
      Path before = appended.computeIfAbsent(key, _ -> new TreeMap<>()).put(position, part);
      if (before != null) {
        Files.deleteIfExists(before);
      }
    }
  }

  /** Parts may come in any order; only here must they fit together. */
  private void flush(String key, long total) throws IOException {
    synchronized (appended) {
      SortedMap<Long, Path> parts = appended.getOrDefault(key, new TreeMap<>());
      long end = files.size(key).orElse(0);
      for (Map.Entry<Long, Path> part : parts.entrySet()) {
        if (part.getKey() != end) {
          throw flushRefused("the data is not contiguous at " + end);
        }
        end += Files.size(part.getValue());
      }
      if (end != total) {
        throw flushRefused("the file would have " + end + " bytes");
      }
      Path whole = files.arriving();
      try (OutputStream out = Files.newOutputStream(whole, StandardOpenOption.TRUNCATE_EXISTING)) {
        Files.copy(files.at(key), out);
        for (Path part : parts.values()) {
          Files.copy(part, out);
        }
      }
      files.put(whole, key);
      forget(appended.remove(key));
    }
  }

  private static BlobRefusal flushRefused(String why) {
    return new BlobRefusal(
        400,
        "InvalidFlushPosition",
        "The uploaded data is not contiguous or the position query parameter value is not equal to"
            + " the length of the file after appending the uploaded data: "
            + why
            + ".");
  }

  private static void forget(@org.jspecify.annotations.Nullable SortedMap<Long, Path> parts)
      throws IOException {
    if (parts != null) {
      for (Path part : parts.values()) {
        Files.deleteIfExists(part);
      }
    }
  }
}
