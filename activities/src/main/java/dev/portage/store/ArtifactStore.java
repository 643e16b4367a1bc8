package dev.portage.store;

import dev.portage.mlflow.MlflowServer;

/**
 * A folder of files that a tracking server's artifact URI names. Its capabilities are probed for
 * each attempt of a copy and reported in the copy's result.
 */
public interface ArtifactStore extends ArtifactSource, ArtifactSink {

  /** One way of keeping artifacts. */
  interface Kind {

    /** Scheme of the artifact URIs that it serves, such as {@code mlflow-artifacts}. */
    String scheme();

    /**
     * Opens a folder without calling the store.
     *
     * @param server the tracking server that named the URI
     * @throws io.temporal.failure.ApplicationFailure when the URI is not one it can serve
     */
    ArtifactStore open(MlflowServer server, String artifactUri);
  }
}
