package dev.portage.transfer;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import dev.portage.copy.PartLimits;
import dev.portage.copy.ReadCapabilities;
import dev.portage.copy.WriteCapabilities;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactSource;
import dev.portage.store.ArtifactStore;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A store that supports parts. Large files are all zeros: their bytes are counted and generated,
 * never kept, so parts of 64 MiB cost no memory.
 */
final class StoreInMemory implements ArtifactStore {
  static final String TOKEN = "grants-everything-";

  final Map<String, byte[]> small = Collections.synchronizedMap(new TreeMap<>());
  final Map<String, Long> large = Collections.synchronizedMap(new TreeMap<>());

  /** Numbers of the received parts, in order. */
  final List<Integer> parts = Collections.synchronizedList(new ArrayList<>());

  /** Small files that were read. */
  final List<String> readPaths = Collections.synchronizedList(new ArrayList<>());

  final AtomicLong received = new AtomicLong();

  /** Sizes of the small files that were written, in order. */
  final List<Integer> writtenSizes = Collections.synchronizedList(new ArrayList<>());

  /** Runs before a small file is accepted. */
  volatile Runnable beforeWrite = () -> {};

  /** Runs before it reports its read capabilities. */
  volatile Runnable beforeProbe = () -> {};

  /** The number of bytes after which it accepts nothing, as if the worker died. */
  volatile long dead = Long.MAX_VALUE;

  /** Whether it accepts parts only in order. */
  volatile boolean inOrder;

  private final Map<String, Map<Integer, Long>> uploads = new HashMap<>();
  private final Map<String, String> paths = new HashMap<>();

  /** From one store to another; the record of uploads is kept separately. */
  static TransferEnds route(
      MlflowServer server, StoreInMemory source, StoreInMemory target, StoreInMemory beside) {
    return new TransferEnds(
        server,
        source,
        source.probeReads(null),
        server,
        target,
        target.probeWrites(),
        new Uploads(beside, new Seal(server)));
  }

  /** The manifest entry of a file of zeros. */
  static ManifestFile zeros(String path, int parts) {
    PartDigests digests = new PartDigests(path, null);
    byte[] megabyte = new byte[1 << 20];
    for (int i = 0; i < 64; i++) {
      digests.update(megabyte, megabyte.length);
    }
    String part = digests.done().parts().getFirst();
    return new ManifestFile(
        path, parts * Manifest.PART_BYTES, "", Collections.nCopies(parts, part));
  }

  /** Forgets all uploads, as a store does after a few days. */
  void forgetUploads() {
    uploads.clear();
  }

  @Override
  public ReadCapabilities probeReads(@Nullable String sample) {
    beforeProbe.run();
    return new ReadCapabilities("from memory", true, true);
  }

  @Override
  public WriteCapabilities probeWrites() {
    return new WriteCapabilities("to memory", new PartLimits(1, 1L << 30, 1000, inOrder));
  }

  @Override
  public List<ArtifactFile> list() {
    List<ArtifactFile> files = new ArrayList<>();
    small.forEach((path, bytes) -> files.add(new ArtifactFile(path, (long) bytes.length)));
    large.forEach((path, size) -> files.add(new ArtifactFile(path, size)));
    return files;
  }

  @Override
  public <T> T read(String path, Reader<T> reader) {
    byte[] bytes = small.get(path);
    if (bytes != null) {
      readPaths.add(path);
    }
    return bytes == null
        ? read(path, 0, large.getOrDefault(path, 0L), reader)
        : reader.read(of(bytes));
  }

  private static ArtifactSource.Stream of(byte[] bytes) {
    int[] at = {0};
    return buffer -> {
      int count = Math.min(buffer.length, bytes.length - at[0]);
      System.arraycopy(bytes, at[0], buffer, 0, count);
      at[0] += count;
      return count == 0 ? -1 : count;
    };
  }

  @Override
  public <T> T read(String path, long offset, long length, Reader<T> reader) {
    long[] left = {length};
    return reader.read(buffer -> {
      int count = (int) Math.min(buffer.length, left[0]);
      java.util.Arrays.fill(buffer, 0, count, (byte) 0);
      left[0] -= count;
      return count == 0 ? -1 : count;
    });
  }

  @Override
  public void write(String path, long size, Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    beforeWrite.run();
    body.writeTo((buffer, length) -> bytes.write(buffer, 0, length));
    writtenSizes.add(bytes.size());
    small.put(path, bytes.toByteArray());
  }

  @Override
  public boolean delete(String path) {
    small.remove(path);
    return true;
  }

  @Override
  public synchronized Upload begin(String path, long size, long partBytes, int number) {
    String token = TOKEN + uploads.size() + "-" + path;
    uploads.put(token, new TreeMap<>());
    paths.put(token, path);
    return new MemoryUpload(token);
  }

  @Override
  public synchronized Upload resume(String path, String token) {
    if (!uploads.containsKey(token)) {
      throw new UploadGone(new IllegalStateException("no such upload"));
    }
    return new MemoryUpload(token);
  }

  /** All stored content, as one text. */
  String kept() {
    StringBuilder text = new StringBuilder();
    small.values().forEach(bytes -> text.append(new String(bytes, StandardCharsets.ISO_8859_1)));
    return text.toString();
  }

  private final class MemoryUpload implements Upload {
    private final String token;

    private MemoryUpload(String token) {
      this.token = token;
    }

    @Override
    public String token() {
      return token;
    }

    @Override
    public String part(int number, long size, Body body) {
      body.writeTo((_, length) -> {
        if (received.addAndGet(length) > dead) {
          throw new IllegalStateException("the worker died");
        }
      });
      Map<Integer, Long> upload = uploads.get(token);
      if (upload == null) {
        throw new UploadGone(new IllegalStateException("no such upload"));
      }
      if (inOrder && number > upload.size() + 1) {
        throw new IllegalStateException("part " + number + " behind " + upload.size());
      }
      upload.put(number, size);
      parts.add(number);
      return "tag " + number;
    }

    @Override
    public void complete(List<String> tags) {
      Map<Integer, Long> upload = uploads.remove(token);
      if (upload == null) {
        throw new UploadGone(new IllegalStateException("no such upload"));
      }
      if (upload.size() != tags.size()) {
        throw new IllegalStateException(tags.size() + " tags of " + upload.size() + " parts");
      }
      large.put(
          paths.getOrDefault(token, ""), upload.values().stream().mapToLong(Long::longValue).sum());
    }

    @Override
    public void abort() {
      uploads.remove(token);
    }
  }
}
