package dev.portage.store;

import dev.portage.copy.PartLimits;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactSink.Upload;
import org.jspecify.annotations.Nullable;

/** How one kind of object store takes files by signed addresses. Knows nothing of who signs. */
interface SignedWrites {

  /** What holds for uploads in parts, null where there are none. */
  @Nullable PartLimits parts();

  /** As {@link ArtifactSink#write}. */
  void write(String path, long size, Body body);

  /** As {@link ArtifactSink#begin}; only where {@link #parts} says so. */
  Upload begin(String path, long size, long partBytes, int parts);

  /** As {@link ArtifactSink#resume}. */
  Upload resume(String path, String token);
}
