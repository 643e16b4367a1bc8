package dev.portage.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.failure.Failures;
import dev.portage.payload.Payloads;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactStore;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of uploads in parts that are under way, kept as small artifacts of the target's
 * run: so that after a death any worker goes on with them. Written after each part, before the part
 * counts; a heartbeat would come too late, as Temporal hands on one in many seconds. The token is
 * sealed; it stands in no history and no heartbeat.
 */
final class Uploads {
  /** Below the artifacts of the run that a copy goes into. */
  static final String FOLDER = "portage/uploads";

  private static final ObjectMapper JSON = Payloads.mapper();
  private static final int MOST_BYTES = 64 * 1024 * 1024;

  private final ArtifactStore store;
  private final Seal seal;
  private @Nullable Set<String> listed;

  Uploads(ArtifactStore store, Seal seal) {
    this.store = store;
    this.seal = seal;
  }

  /**
   * The beginning of an upload.
   *
   * @param path of the file
   * @param size of the file in bytes
   * @param partBytes size of its parts
   * @param sealed its token
   */
  private record Begun(String path, long size, long partBytes, String sealed) {}

  /**
   * How far it is.
   *
   * @param tags of the parts that are there, by their number
   */
  private record Sent(Map<String, String> tags) {}

  /**
   * An upload that another attempt began.
   *
   * @param token what the store needs to go on with it
   * @param tags of the parts that are there, by their number
   */
  record Known(String token, Map<Integer, String> tags) {}

  /** An upload of this file that was begun, in parts of this size. */
  Optional<Known> find(String path, long size, long partBytes) {
    String name = nameOf(path);
    if (!listed().contains(name + ".begun")) {
      return Optional.empty();
    }
    Begun begun = read(name + ".begun", Begun.class);
    if (begun == null
        || !begun.path().equals(path)
        || begun.size() != size
        || begun.partBytes() != partBytes) {
      return Optional.empty();
    }
    Map<Integer, String> tags = new TreeMap<>();
    Sent sent = read(name + ".sent", Sent.class);
    if (sent != null) {
      sent.tags().forEach((number, tag) -> tags.put(Integer.valueOf(number), tag));
    }
    return seal.open(begun.sealed()).map(token -> new Known(token, tags));
  }

  /** Keeps the beginning; what was kept of an earlier one is void. */
  void begin(String path, long size, long partBytes, String token) {
    write(nameOf(path) + ".sent", new Sent(Map.of()));
    write(nameOf(path) + ".begun", new Begun(path, size, partBytes, seal.close(token)));
  }

  /** Keeps the parts that are there by now. */
  void sent(String path, Map<Integer, String> tags) {
    write(
        nameOf(path) + ".sent",
        new Sent(
            tags.entrySet().stream()
                .collect(
                    Collectors.toMap(part -> String.valueOf(part.getKey()), Map.Entry::getValue))));
  }

  /** Forgets an upload. */
  void end(String path) {
    for (String kind : new String[] {".begun", ".sent"}) {
      if (!store.delete(nameOf(path) + kind)) {
        store.write(nameOf(path) + kind, 0, Body.of(new byte[0]));
      }
    }
  }

  private synchronized Set<String> listed() {
    if (listed == null) {
      listed =
          store.list().stream().map(ArtifactFile::path).collect(Collectors.toUnmodifiableSet());
    }
    return listed;
  }

  private void write(String name, Object content) {
    byte[] bytes;
    try {
      bytes = JSON.writeValueAsString(content).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record can be written", e);
    }
    store.write(name, bytes.length, Body.of(bytes));
  }

  /** Null where there is none, or none that can be read: then the upload is begun anew. */
  private <T> @Nullable T read(String name, Class<T> type) {
    try {
      String text =
          store.read(
              name, stream -> WholeFile.of(stream, MOST_BYTES).toString(StandardCharsets.UTF_8));
      return text.isEmpty() ? null : JSON.readValue(text, type);
    } catch (JsonProcessingException e) {
      return null;
    } catch (ApplicationFailure e) {
      if (Integer.valueOf(404).equals(Failures.statusOf(e))) {
        return null;
      }
      throw e;
    }
  }

  private static String nameOf(String path) {
    return PartDigests.hex(PartDigests.sha256().digest(path.getBytes(StandardCharsets.UTF_8)))
        .substring(0, 24);
  }
}
