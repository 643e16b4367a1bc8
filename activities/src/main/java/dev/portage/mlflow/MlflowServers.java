package dev.portage.mlflow;

/** The tracking servers that this worker may reach. */
public interface MlflowServers {

  /**
   * The server of a workspace, with the login that may write.
   *
   * @throws io.temporal.failure.ApplicationFailure when this worker does not serve that workspace
   */
  MlflowServer of(String workspace);

  /**
   * The server of a workspace, with the login that only reads: how a copy reads its source.
   *
   * @throws io.temporal.failure.ApplicationFailure when this worker has no such login
   */
  MlflowServer readerOf(String workspace);
}
