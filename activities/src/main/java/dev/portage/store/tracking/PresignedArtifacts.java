package dev.portage.store.tracking;

import dev.portage.copy.ReadCapabilities;
import dev.portage.copy.WriteCapabilities;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactStore;
import dev.portage.store.signed.Grants;
import dev.portage.store.signed.SignedReads;
import dev.portage.store.signed.SignedWrites;
import dev.portage.store.signed.WholeWrites;
import dev.portage.store.tracking.TrackedFolder.Owner;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Artifacts in a cloud store that the MLflow server names but does not serve. The server lists
 * them, and signs URLs where it can.
 */
final class PresignedArtifacts implements ArtifactStore {
  private static final String METHOD = "through URLs signed by the MLflow server";

  private final TrackedFolder folder;
  private final Grants reads;
  private final Grants writes;
  private final SignedReads reading;
  private final WholeWrites writing;

  private PresignedArtifacts(TrackedFolder folder, String scheme) {
    this.folder = folder;
    this.reads = new Grants(new PresignedSigner(folder, scheme, false));
    this.writes = new Grants(new PresignedSigner(folder, scheme, true));
    this.reading = new SignedReads(folder.server(), reads);
    this.writing = new WholeWrites(folder.server(), writes);
  }

  /**
   * Serves {@code <scheme>://…}.
   *
   * @param scheme such as "s3"
   */
  record Kind(String scheme) implements ArtifactStore.Kind {
    /** As MLflow lays artifacts out, for runs and for logged models. */
    private static final Pattern OWNER =
        Pattern.compile("/(?:models/(m-[0-9a-f]{32})|([0-9a-f]{32}))/artifacts(?:/.*)?$");

    @Override
    public ArtifactStore open(MlflowServer server, String artifactUri) {
      Matcher owner = OWNER.matcher(artifactUri);
      if (!owner.find()) {
        throw ArtifactStores.unreachable(
            server,
            "they are in a store of scheme \""
                + scheme
                + "\", at a location that MLflow can't attribute");
      }
      String path = artifactUri.replaceFirst("^[^:]+:/*", "").replaceAll("/+$", "");
      String objection = ArtifactPath.objection(path);
      if (!objection.isEmpty()) {
        throw server.failure(
            FailureKind.USER,
            "reach artifacts at " + ArtifactPath.shown(artifactUri),
            "the URI " + objection,
            "Such a location is not supported.");
      }
      String model = owner.group(1);
      String run = owner.group(2);
      Owner whose = model != null ? new Owner.OfModel(model) : new Owner.OfRun(String.valueOf(run));
      return new PresignedArtifacts(new TrackedFolder(server, whose, artifactUri), scheme);
    }
  }

  @Override
  public ReadCapabilities probeReads(@Nullable String sample) {
    return reading.probe(sample, METHOD);
  }

  @Override
  public List<ArtifactFile> list() {
    return folder.list();
  }

  @Override
  public <T> T read(String path, Reader<T> reader) {
    return reading.read(path, reader);
  }

  @Override
  public <T> T read(String path, long offset, long length, Reader<T> reader) {
    return reading.read(path, offset, length, reader);
  }

  @Override
  public WriteCapabilities probeWrites() {
    writes.of(SignedWrites.PROBE);
    return new WriteCapabilities(METHOD, null);
  }

  @Override
  public void write(String path, long size, Body body) {
    writing.write(path, size, body);
  }

  /** MLflow has no call for it. */
  @Override
  public boolean delete(String path) {
    return false;
  }

  @Override
  public Upload begin(String path, long size, long partBytes, int parts) {
    return writing.begin(path, size, partBytes, parts);
  }

  @Override
  public Upload resume(String path, String token) {
    return writing.resume(path, token);
  }
}
