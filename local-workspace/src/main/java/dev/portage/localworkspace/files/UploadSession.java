package dev.portage.localworkspace.files;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * One multipart upload, on disk: it survives a restart, as the real ones do. Its folder is named
 * after the hash of the session token, so the token itself is stored nowhere.
 */
record UploadSession(Path folder, String path, boolean overwrite) {
  private static final String ABOUT = "session.json";

  /** Begins one. */
  static String begin(Path sessions, String path, boolean overwrite) throws IOException {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    String token = HexFormat.of().formatHex(secret);
    Path folder = Files.createDirectories(sessions.resolve(id(token)));
    Files.write(
        folder.resolve(ABOUT),
        Json.bytes(Json.object().put("path", path).put("overwrite", overwrite)));
    return token;
  }

  static String id(String token) {
    return Sha256.of(token).substring(0, 32);
  }

  /**
   * The session of a token.
   *
   * @throws ApiRefusal NOT_FOUND when there is none, or it has ended
   */
  static UploadSession of(Path sessions, String token) throws IOException {
    return byId(sessions, id(token));
  }

  static UploadSession byId(Path sessions, String id) throws IOException {
    Path folder = sessions.resolve(id);
    if (!id.matches("[0-9a-f]{32}") || !Files.exists(folder.resolve(ABOUT))) {
      throw ApiRefusal.notFound("NOT_FOUND", "This upload session does not exist or has ended.");
    }
    JsonNode about = Json.read(Files.readAllBytes(folder.resolve(ABOUT)));
    return new UploadSession(
        folder, about.get("path").asText(), about.get("overwrite").asBoolean());
  }

  /** Takes a part, in place of an earlier one of that number. */
  String take(int number, Path arrived) throws IOException {
    String etag = "\"" + UUID.randomUUID() + "\"";
    Files.move(arrived, part(number), StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(etag(number), etag);
    return etag;
  }

  /**
   * The file of the parts.
   *
   * @throws ApiRefusal when a part is missing or is another than the caller knows of
   */
  Path join(SortedMap<Integer, String> etags) throws IOException {
    int expected = 1;
    for (Map.Entry<Integer, String> part : etags.entrySet()) {
      if (part.getKey() != expected++) {
        throw ApiRefusal.invalidParameter(
            "The parts must be numbered from 1 without gaps; " + (expected - 1) + " is missing");
      }
      if (!Files.exists(etag(part.getKey()))) {
        throw ApiRefusal.invalidParameter("Part " + part.getKey() + " was not uploaded");
      }
      if (!Files.readString(etag(part.getKey())).equals(part.getValue())) {
        throw ApiRefusal.invalidParameter(
            "The ETag of part " + part.getKey() + " does not match what was uploaded");
      }
    }
    Path whole = folder.resolve("whole");
    try (OutputStream out = Files.newOutputStream(whole)) {
      for (Integer number : etags.keySet()) {
        Files.copy(part(number), out);
      }
    }
    return whole;
  }

  /** Forgets it and its parts. */
  void end() throws IOException {
    Files.deleteIfExists(folder.resolve(ABOUT));
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.deleteIfExists(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  private Path part(int number) {
    return folder.resolve(number + ".part");
  }

  private Path etag(int number) {
    return folder.resolve(number + ".etag");
  }
}
