package dev.portage.unitycatalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.copy.ReadCapabilities;
import dev.portage.copy.WriteCapabilities;
import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactStore;
import dev.portage.store.filesapi.FilesArtifacts;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of a model version, {@code models:/CATALOG.SCHEMA.MODEL/VERSION}. The workspace says
 * how to access them: through the Files API or, if it doesn't offer that, in the cloud storage
 * itself with vended credentials.
 */
public final class CatalogArtifacts implements ArtifactStore {
  private static final Pattern VERSION =
      Pattern.compile("models:/([^/.#%?]+\\.[^/.#%?]+\\.[^/.#%?]+)/([1-9]\\d{0,17})");

  private final MlflowServer server;
  private final String model;
  private final long version;
  private final boolean writes;
  private @Nullable ArtifactStore found;

  private CatalogArtifacts(MlflowServer server, String model, long version, boolean writes) {
    this.server = server;
    this.model = model;
    this.version = version;
    this.writes = writes;
  }

  /** The files of a version that waits for them. */
  static ArtifactStore toFill(MlflowServer server, CatalogVersion version) {
    return new CatalogArtifacts(server, version.model(), version.number(), true);
  }

  /** The files of a version, to be read. */
  static ArtifactStore toRead(MlflowServer server, CatalogVersion version) {
    return new CatalogArtifacts(server, version.model(), version.number(), false);
  }

  /** The artifact URI of a version's files. */
  static String uriOf(CatalogVersion version) {
    return "models:/" + version.model() + "/" + version.number();
  }

  /** Serves {@code models:/CATALOG.SCHEMA.MODEL/VERSION}, to be read. */
  public static final class Kind implements ArtifactStore.Kind {
    @Override
    public String scheme() {
      return "models";
    }

    @Override
    public ArtifactStore open(MlflowServer server, String artifactUri) {
      Matcher version = VERSION.matcher(artifactUri);
      if (!version.matches()) {
        throw server.failure(
            FailureKind.USER,
            "reach artifacts at " + ArtifactPath.shown(artifactUri),
            "that is not a model version in Unity Catalog",
            "Allowed: models:/CATALOG.SCHEMA.MODEL/VERSION.");
      }
      return new CatalogArtifacts(
          server,
          String.valueOf(version.group(1)),
          Long.parseLong(String.valueOf(version.group(2))),
          false);
    }
  }

  private synchronized ArtifactStore store() {
    ArtifactStore known = found;
    if (known == null) {
      known = find();
      found = known;
    }
    return known;
  }

  private ArtifactStore find() {
    CatalogModels models = new CatalogModels(server);
    if (models.hasFilesApi()) {
      return FilesArtifacts.ofVersion(server, model, version, false);
    }
    HttpAnswer answer = models.credentials(model, version, writes);
    if (answer.status() == 403) {
      // A workspace that vends none leaves the Files API; there, a login without rights is
      // reported.
      return FilesArtifacts.ofVersion(server, model, version, false);
    }
    JsonNode credentials = good(answer);
    if (credentials.path("storage_mode").asText().equals("DEFAULT_STORAGE")) {
      return FilesArtifacts.ofVersion(server, model, version, true);
    }
    return VendedStore.at(
        server,
        models.version(model, version).storageLocation(),
        credentials,
        () -> good(models.credentials(model, version, writes)));
  }

  private JsonNode good(HttpAnswer answer) {
    return server
        .good(tried(), "unity-catalog/model-versions/generate-temporary-credentials", answer)
        .path("credentials");
  }

  private String tried() {
    return "reach the files of version " + version + " of " + model;
  }

  @Override
  public ReadCapabilities probeReads(@Nullable String sample) {
    return store().probeReads(sample);
  }

  @Override
  public List<ArtifactFile> list() {
    return store().list();
  }

  @Override
  public void willRead(List<ArtifactFile> files) {
    store().willRead(files);
  }

  @Override
  public void willWrite(List<String> paths) {
    store().willWrite(paths);
  }

  @Override
  public <T> T read(String path, Reader<T> reader) {
    return store().read(path, reader);
  }

  @Override
  public <T> T read(String path, long offset, long length, Reader<T> reader) {
    return store().read(path, offset, length, reader);
  }

  @Override
  public WriteCapabilities probeWrites() {
    return store().probeWrites();
  }

  @Override
  public void write(String path, long size, Body body) {
    store().write(path, size, body);
  }

  @Override
  public boolean delete(String path) {
    return store().delete(path);
  }

  @Override
  public Upload begin(String path, long size, long partBytes, int parts) {
    return store().begin(path, size, partBytes, parts);
  }

  @Override
  public Upload resume(String path, String token) {
    return store().resume(path, token);
  }
}
