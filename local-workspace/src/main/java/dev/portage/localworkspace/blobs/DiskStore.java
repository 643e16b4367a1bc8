package dev.portage.localworkspace.blobs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** A store whose files lie on this machine's disk, below one container or bucket. */
abstract sealed class DiskStore implements BlobStore, Door permits GoogleStore, LakeStore {
  final BlobGate gate;
  final DiskFolder files;
  final String container;

  /** How long a signed URL is good for. */
  final Duration life;

  DiskStore(BlobGate gate, Path folder, String container, Duration life) throws IOException {
    this.gate = gate;
    this.files = new DiskFolder(folder);
    this.container = container;
    this.life = life;
  }

  @Override
  public List<BlobEntry> list(String directory) throws IOException {
    return files.list(directory);
  }

  @Override
  public OptionalLong size(String key) throws IOException {
    return files.size(key);
  }

  @Override
  public String key(String place) {
    return place.startsWith(container + "/") ? place.substring(container.length() + 1) : place;
  }
}
