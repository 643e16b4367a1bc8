package dev.portage.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.failure.Failures;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactStore;
import dev.portage.temporal.Payloads;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The state of multipart uploads that are under way, stored as small artifacts of the target's run,
 * so that any worker can continue them after a crash. For each, it stores its start, with a sealed
 * token that appears in no history and no heartbeat, and the parts that have arrived, in blocks
 * ({@link SentParts}). A part is stored before it counts; a heartbeat would be too late, since
 * Temporal passes one on only every few seconds.
 */
final class Uploads {
  /** Below the artifacts of the run that a copy goes into. */
  static final String FOLDER = "portage/uploads";

  private static final String BEGUN = ".begun";

  /** All parts in one, as they were kept before there were blocks. */
  private static final String SENT = ".sent";

  private static final int NAME_LENGTH = 24;

  private static final ObjectMapper JSON = Payloads.mapper();
  private static final int MOST_BYTES = 64 * 1024 * 1024;

  private final ArtifactStore store;
  private final Seal seal;

  /** What there is of each upload, by its name: as it was listed first, and as it was written. */
  private @Nullable Map<String, Set<String>> kept;

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
   * @param id distinguishes its blocks from those of another start; null in uploads stored before
   *     there were blocks
   */
  private record Begun(
      String path, long size, long partBytes, String sealed, @Nullable String id) {}

  /**
   * Parts that have arrived.
   *
   * @param tags of them, by their number
   */
  private record Sent(Map<String, String> tags) {
    private static Sent of(Map<Integer, String> tags) {
      Map<String, String> named = new LinkedHashMap<>();
      tags.forEach((number, tag) -> named.put(String.valueOf(number), tag));
      return new Sent(named);
    }
  }

  /**
   * An upload that another attempt began.
   *
   * @param token what the store needs to continue
   * @param parts those that have arrived
   */
  record Known(String token, SentParts parts) {}

  /** A started upload of this file, in parts of this size. */
  Optional<Known> find(String path, long size, long partBytes) {
    String name = nameOf(path);
    Set<String> there = kept(name);
    if (!there.contains(name + BEGUN)) {
      return Optional.empty();
    }
    Begun begun = read(name + BEGUN, Begun.class);
    if (begun == null
        || !begun.path().equals(path)
        || begun.size() != size
        || begun.partBytes() != partBytes) {
      return Optional.empty();
    }
    Optional<String> token = seal.open(begun.sealed());
    if (token.isEmpty()) {
      return Optional.empty();
    }
    String prefix = prefix(name, begun.id());
    Map<Integer, String> tags = new TreeMap<>();
    if (begun.id() == null) {
      take(name + SENT, tags);
    }
    there.stream().filter(one -> one.startsWith(prefix)).forEach(one -> take(one, tags));
    return Optional.of(new Known(token.get(), parts(name, prefix, tags)));
  }

  private void take(String name, Map<Integer, String> tags) {
    Sent sent = read(name, Sent.class);
    if (sent != null) {
      sent.tags().forEach((number, tag) -> tags.put(Integer.valueOf(number), tag));
    }
  }

  /** Keeps the beginning; what was kept of an earlier one goes. Answers its parts: none. */
  SentParts begin(String path, long size, long partBytes, String token) {
    String name = nameOf(path);
    String id = UUID.randomUUID().toString().substring(0, 8);
    write(name, name + BEGUN, new Begun(path, size, partBytes, seal.close(token), id));
    dropAllBut(name, name + BEGUN);
    return parts(name, prefix(name, id), Map.of());
  }

  /** Forgets an upload. Its start is deleted first: without it nobody reads the rest. */
  void end(String path) {
    String name = nameOf(path);
    drop(name, name + BEGUN);
    dropAllBut(name, name + BEGUN);
  }

  private void dropAllBut(String name, String one) {
    for (String other : List.copyOf(kept(name))) {
      if (!other.equals(one)) {
        drop(name, other);
      }
    }
  }

  private void drop(String name, String artifact) {
    if (!store.delete(artifact)) {
      store.write(artifact, 0, Body.of(new byte[0]));
    }
    kept(name).remove(artifact);
  }

  private SentParts parts(String name, String prefix, Map<Integer, String> tags) {
    return new SentParts(tags, (block, some) -> write(name, prefix + block, Sent.of(some)));
  }

  private static String prefix(String name, @Nullable String id) {
    return name + (id == null ? "" : "-" + id) + ".parts-";
  }

  private synchronized Set<String> kept(String name) {
    if (kept == null) {
      kept = new HashMap<>();
      for (ArtifactFile file : store.list()) {
        String path = file.path();
        of(path.substring(0, Math.min(NAME_LENGTH, path.length()))).add(path);
      }
    }
    return of(name);
  }

  private Set<String> of(String name) {
    return Objects.requireNonNull(kept).computeIfAbsent(name, _ -> ConcurrentHashMap.newKeySet());
  }

  private void write(String name, String artifact, Object content) {
    byte[] bytes;
    try {
      bytes = JSON.writeValueAsString(content).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record can be written", e);
    }
    kept(name).add(artifact);
    store.write(artifact, bytes.length, Body.of(bytes));
  }

  /** Null if there is none, or none that can be read: then the upload is restarted. */
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
        .substring(0, NAME_LENGTH);
  }
}
