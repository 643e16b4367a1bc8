package dev.portage.store.tracking;

import dev.portage.copy.ReadCapabilities;
import dev.portage.copy.WriteCapabilities;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactStore;
import dev.portage.store.azure.AzureBlobWrites;
import dev.portage.store.azure.AzureLakeWrites;
import dev.portage.store.filesapi.FilesArtifacts;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.Grants;
import dev.portage.store.signed.SignedReads;
import dev.portage.store.signed.SignedWrites;
import dev.portage.store.signed.WholeWrites;
import dev.portage.store.tracking.TrackedFolder.Owner;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Artifacts of runs and logged models in a Databricks workspace, {@code
 * dbfs:/databricks/mlflow-tracking/…}. The workspace lists them and signs URLs; the bytes go
 * directly to and from the cloud's store. The grants say which store that is.
 */
final class DatabricksArtifacts implements ArtifactStore {
  private static final String TRACKING = "databricks/mlflow-tracking/";
  private static final String METHOD = "through signed URLs of ";

  private final TrackedFolder folder;
  private final MlflowServer server;
  private final Grants reads;
  private final Grants writes;
  private final SignedReads reading;
  private final Map<String, SignedWrites> writesByStore = new ConcurrentHashMap<>();

  private DatabricksArtifacts(TrackedFolder folder) {
    this.folder = folder;
    this.server = folder.server();
    this.reads = new Grants(new DatabricksSigner(folder, false));
    this.writes = new Grants(new DatabricksSigner(folder, true));
    this.reading = new SignedReads(server, reads);
  }

  /** Serves {@code dbfs:/…}, if the workspace grants access to it. */
  static final class Kind implements ArtifactStore.Kind {
    @Override
    public String scheme() {
      return "dbfs";
    }

    @Override
    public ArtifactStore open(MlflowServer server, String artifactUri) {
      String rest = artifactUri.substring(artifactUri.indexOf(':') + 1);
      if (rest.startsWith("//") && !rest.startsWith("///")) {
        throw refused(
            server,
            artifactUri,
            "the URI names a custom profile or host",
            "Use the URI that the workspace returns: dbfs:/databricks/mlflow-tracking/….");
      }
      String path = rest.replaceAll("/+", "/").replaceAll("^/|/$", "");
      String objection = ArtifactPath.objection(path);
      if (!objection.isEmpty()) {
        throw refused(
            server, artifactUri, "the URI " + objection, "Such a location is not supported.");
      }
      if (path.startsWith("Volumes/")) {
        return FilesArtifacts.ofVolume(server, "/" + path);
      }
      List<String> parts = List.of(path.split("/", -1));
      if (!path.startsWith(TRACKING) || parts.size() < 4) {
        throw refused(
            server,
            artifactUri,
            "the workspace grants access below dbfs:/databricks/mlflow-tracking only",
            "Train the model in an experiment with the default artifact location.");
      }
      return new DatabricksArtifacts(
          new TrackedFolder(server, owner(server, artifactUri, parts), "dbfs:/" + path));
    }

    /** Derived from the URI the way MLflow's own client does it. */
    private static Owner owner(MlflowServer server, String uri, List<String> parts) {
      String id = parts.get(3);
      if (id.equals("logged_models") && parts.size() > 4) {
        return new Owner.OfModel(parts.get(4));
      }
      if (id.equals("logged_models") || id.startsWith("tr-")) {
        throw refused(
            server, uri, "that is neither a run nor a logged model", "Name one of those.");
      }
      return new Owner.OfRun(id);
    }

    private static ApplicationFailure refused(
        MlflowServer server, String uri, String why, String remedy) {
      return server.failure(
          FailureKind.USER, "reach artifacts at " + ArtifactPath.shown(uri), why, remedy);
    }
  }

  /** The way of a grant, by its type as the workspace names it. */
  private SignedWrites writesOf(Grant grant) {
    return writesByStore.computeIfAbsent(
        grant.type(),
        type ->
            switch (type) {
              case "AZURE_SAS_URI" -> new AzureBlobWrites(server, writes);
              case "AZURE_ADLS_GEN2_SAS_URI" -> new AzureLakeWrites(server, writes);
              case "AWS_PRESIGNED_URL" -> new S3Writes(folder, writes);
              case "GCP_SIGNED_URL" -> new WholeWrites(server, writes);
              default -> throw unknown(grant);
            });
  }

  private String storeOf(Grant grant) {
    return switch (grant.type()) {
      case "AZURE_SAS_URI" -> "Azure Blob Storage";
      case "AZURE_ADLS_GEN2_SAS_URI" -> "Azure Data Lake Storage";
      case "AWS_PRESIGNED_URL" -> "Amazon S3";
      case "GCP_SIGNED_URL" -> "Google Cloud Storage";
      default -> throw unknown(grant);
    };
  }

  private ApplicationFailure unknown(Grant grant) {
    return server.failure(
        FailureKind.USER,
        "use the workspace's signed URLs",
        "they are of kind \"" + ArtifactPath.shown(grant.type()) + "\", which is not known",
        "Known: AZURE_SAS_URI, AZURE_ADLS_GEN2_SAS_URI, AWS_PRESIGNED_URL, GCP_SIGNED_URL.");
  }

  @Override
  public ReadCapabilities probeReads(@Nullable String sample) {
    return sample == null
        ? new ReadCapabilities("through signed URLs", false, false)
        : reading.probe(sample, METHOD + storeOf(reads.of(sample)));
  }

  @Override
  public List<ArtifactFile> list() {
    return folder.list();
  }

  @Override
  public void willRead(List<ArtifactFile> files) {
    reads.expect(files.stream().map(ArtifactFile::path).toList());
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
    Grant grant = writes.of(SignedWrites.PROBE);
    return new WriteCapabilities(METHOD + storeOf(grant), writesOf(grant).parts());
  }

  @Override
  public void willWrite(List<String> paths) {
    writes.expect(paths);
  }

  @Override
  public void write(String path, long size, Body body) {
    writesOf(writes.of(path)).write(path, size, body);
  }

  /** Workspaces grant nobody to delete. */
  @Override
  public boolean delete(String path) {
    return false;
  }

  @Override
  public Upload begin(String path, long size, long partBytes, int parts) {
    return writesOf(writes.of(path)).begin(path, size, partBytes, parts);
  }

  @Override
  public Upload resume(String path, String token) {
    return writesOf(writes.of(path)).resume(path, token);
  }
}
