package dev.portage.transfer;

import dev.portage.copy.ReadAbilities;
import dev.portage.copy.WriteAbilities;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactSource;
import dev.portage.store.ArtifactStore;

/**
 * From where to where, and by what ways.
 *
 * @param sourceServer names the source, for messages
 * @param source the files that are read
 * @param reads what reading them can do
 * @param targetServer names the target, for messages
 * @param target where they go
 * @param writes what writing there can do
 * @param uploads uploads in parts that are under way there
 */
record CopyRoute(
    MlflowServer sourceServer,
    ArtifactSource source,
    ReadAbilities reads,
    MlflowServer targetServer,
    ArtifactStore target,
    WriteAbilities writes,
    Uploads uploads) {

  /** The source is not any more what the manifest says. */
  RuntimeException changed(String why) {
    return changed(sourceServer, why);
  }

  /** A source is not any more what the manifest says. */
  static RuntimeException changed(MlflowServer source, String why) {
    return source.failure(
        FailureKind.FATAL,
        "read the candidate's files",
        "the source changed since registration: " + why,
        "Find out who wrote to it; then promote the version anew.");
  }
}
