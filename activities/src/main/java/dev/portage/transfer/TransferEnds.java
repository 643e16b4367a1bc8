package dev.portage.transfer;

import dev.portage.candidate.ManifestFile;
import dev.portage.copy.ReadCapabilities;
import dev.portage.copy.WriteCapabilities;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactSource;
import dev.portage.store.ArtifactStore;
import io.temporal.failure.ApplicationFailure;

/**
 * Source and target of a copy, and how each is accessed.
 *
 * @param sourceServer names the source, for messages
 * @param source the files that are read
 * @param reads what reading them can do
 * @param targetServer names the target, for messages
 * @param target where they go
 * @param writes what writing there can do
 * @param uploads uploads in parts that are under way there
 */
record TransferEnds(
    MlflowServer sourceServer,
    ArtifactSource source,
    ReadCapabilities reads,
    MlflowServer targetServer,
    ArtifactStore target,
    WriteCapabilities writes,
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
        "Find out who wrote to it, then promote the version again.");
  }

  /**
   * Reads a file of the source, or a part of it, until it is right or what is wrong is known to be
   * the source's.
   */
  void surely(ManifestFile file, Runnable sending) {
    Readings readings = new Readings(Readings.AT_SOURCE);
    while (true) {
      try {
        once(file, sending);
        return;
      } catch (WrongBytes wrong) {
        if (readings.isSettled(wrong)) {
          throw wrong.isShort() && isListedWhole(file)
              ? brokenSource(wrong.why() + ", although the listing says so")
              : changed(wrong.why());
        }
        if (readings.isEndless()) {
          throw brokenSource("it returns different bytes each time, most recently: " + wrong.why());
        }
      }
    }
  }

  /** A source that lists a file whole and gives less has not changed: what gives it is broken. */
  private boolean isListedWhole(ManifestFile file) {
    return source.list().stream()
        .anyMatch(listed ->
            listed.path().equals(file.path()) && Long.valueOf(file.size()).equals(listed.size()));
  }

  private RuntimeException brokenSource(String cameBack) {
    return sourceServer.failure(
        FailureKind.PLATFORM,
        "read the candidate's files",
        cameBack,
        "Portage rereads it; if it persists, check what is in front of the server.");
  }

  /** A range behind the end of a file is as wrong as a file that ends too early. */
  private static void once(ManifestFile file, Runnable sending) {
    try {
      sending.run();
    } catch (ApplicationFailure e) {
      if (Integer.valueOf(416).equals(Failures.statusOf(e))) {
        throw WrongBytes.tooShort("file " + file.path() + " is shorter than before");
      }
      throw e;
    }
  }
}
