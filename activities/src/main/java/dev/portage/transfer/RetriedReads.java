package dev.portage.transfer;

import dev.portage.copy.ReadCapabilities;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactSource;
import dev.portage.store.Retry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source as the copy reads it: a body that broke off and can't be continued at once is retried by
 * the rules of the copy, so that the upload it feeds survives.
 */
record RetriedReads(ArtifactSource source, RetryTimeout retry) implements ArtifactSource {

  @Override
  public ReadCapabilities probeReads(@Nullable String sample) {
    return source.probeReads(sample);
  }

  @Override
  public List<ArtifactFile> list() {
    return source.list();
  }

  @Override
  public void willRead(List<ArtifactFile> files) {
    source.willRead(files);
  }

  @Override
  public <T> T read(String path, Reader<T> reader) {
    return source.read(path, new Retried<>(reader, retry));
  }

  @Override
  public <T> T read(String path, long offset, long length, Reader<T> reader) {
    return source.read(path, offset, length, new Retried<>(reader, retry));
  }

  private record Retried<T>(Reader<T> reader, RetryTimeout timeout) implements Reader<T> {
    @Override
    public T read(Stream stream) {
      return reader.read(stream);
    }

    @Override
    public Retry retry() {
      return timeout.streak();
    }
  }
}
