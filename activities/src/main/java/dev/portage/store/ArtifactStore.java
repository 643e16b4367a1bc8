package dev.portage.store;

import dev.portage.mlflow.MlflowServer;

/**
 * A folder of files, as a tracking server's artifact URI names it. What it can do is probed for
 * each attempt of a copy and stands in the copy's result.
 */
public interface ArtifactStore extends ArtifactSource, ArtifactSink {

  /** One way of keeping artifacts. */
  interface Kind {

    /** Scheme of the artifact URIs that it serves, as {@code mlflow-artifacts}. */
    String scheme();

    /**
     * Opens a folder; nothing is asked yet.
     *
     * @param server the tracking server that named the URI
     * @throws io.temporal.failure.ApplicationFailure when the URI is not one it can serve
     */
    ArtifactStore open(MlflowServer server, String artifactUri);
  }
}
