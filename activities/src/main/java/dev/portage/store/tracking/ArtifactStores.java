package dev.portage.store.tracking;

import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactStore;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All kinds of stores, selected by the scheme of an artifact URI. */
public final class ArtifactStores {
  /** Where an MLflow server may sign URLs; a probe shows whether it does. */
  private static final List<String> OF_CLOUDS =
      List.of("s3", "gs", "wasbs", "wasb", "abfss", "abfs");

  private final Map<String, ArtifactStore.Kind> kinds = new LinkedHashMap<>();

  /** These kinds of stores. */
  public ArtifactStores(List<ArtifactStore.Kind> kinds) {
    kinds.forEach(kind -> this.kinds.put(kind.scheme(), kind));
  }

  /** All kinds that Portage knows. */
  public static ArtifactStores standard() {
    List<ArtifactStore.Kind> kinds = new ArrayList<>();
    kinds.add(new ProxiedArtifacts.Kind());
    kinds.add(new DatabricksArtifacts.Kind());
    OF_CLOUDS.forEach(scheme -> kinds.add(new PresignedArtifacts.Kind(scheme)));
    return new ArtifactStores(kinds);
  }

  /** These and one more. */
  public ArtifactStores and(ArtifactStore.Kind kind) {
    List<ArtifactStore.Kind> all = new ArrayList<>(kinds.values());
    all.add(kind);
    return new ArtifactStores(all);
  }

  /**
   * The folder that an artifact URI names.
   *
   * @throws ApplicationFailure a user error when no kind serves its scheme
   */
  public ArtifactStore at(MlflowServer server, String artifactUri) {
    int colon = artifactUri.indexOf(':');
    String scheme = colon < 0 ? "" : artifactUri.substring(0, colon).toLowerCase(Locale.ROOT);
    ArtifactStore.Kind kind = kinds.get(scheme);
    if (kind == null) {
      throw unreachable(
          server,
          scheme.isEmpty()
              ? "they are in a folder on the server's own machine, which no other machine can reach"
              : "they are in a store of scheme \"" + scheme + "\", which is not supported");
    }
    return kind.open(server, artifactUri);
  }

  /** The failure for artifacts that nobody hands out. */
  static ApplicationFailure unreachable(MlflowServer server, String why) {
    return server.failure(
        FailureKind.USER,
        "reach the artifacts of workspace " + server.workspace(),
        why,
        "Supported: mlflow-artifacts, dbfs, and stores for which the server signs URLs. Make the tracking server serve its artifacts (mlflow server --serve-artifacts).");
  }
}
