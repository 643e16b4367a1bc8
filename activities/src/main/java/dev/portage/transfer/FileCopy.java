package dev.portage.transfer;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the target hold exactly the files of a manifest. What is right there already is not sent;
 * every file is read back whole before it counts.
 */
final class FileCopy {
  private final MlflowServer sourceServer;
  private final MlflowServer targetServer;
  private final ArtifactSource source;
  private final ArtifactStore target;
  private final Manifest manifest;
  private final Progress progress;
  private final int threads;

  FileCopy(
      MlflowServer sourceServer,
      ArtifactSource source,
      MlflowServer targetServer,
      ArtifactStore target,
      Manifest manifest,
      Progress progress,
      int threads) {
    this.sourceServer = sourceServer;
    this.source = source;
    this.targetServer = targetServer;
    this.target = target;
    this.manifest = manifest;
    this.progress = progress;
    this.threads = threads;
  }

  /**
   * Does it.
   *
   * @return what was read back, equal to the manifest
   */
  Manifest carry() {
    List<ManifestFile> present = presentWithRightSize();
    Set<String> right = new HashSet<>(present.stream().map(ManifestFile::path).toList());
    right.removeAll(readBack(present).keySet());
    List<ManifestFile> missing =
        manifest.files().stream().filter(file -> !right.contains(file.path())).toList();
    if (!missing.isEmpty()) {
      requireUnchangedSource();
      send(missing);
      Map<String, WrongBytes> wrong = readBack(missing);
      if (!wrong.isEmpty()) {
        List<ManifestFile> again =
            missing.stream().filter(file -> wrong.containsKey(file.path())).toList();
        send(again);
        readBack(again).values().stream().findFirst().ifPresent(this::refuse);
      }
    }
    requireExactListing();
    return manifest;
  }

  private List<ManifestFile> presentWithRightSize() {
    Map<String, ArtifactFile> there = byPath(target.list());
    requireNothingElse(there);
    return manifest.files().stream()
        .filter(file -> {
          ArtifactFile found = there.get(file.path());
          return found != null && (found.size() == null || found.size() == file.size());
        })
        .toList();
  }

  private void requireNothingElse(Map<String, ArtifactFile> there) {
    Set<String> extra = new TreeSet<>(there.keySet());
    manifest.files().forEach(file -> extra.remove(file.path()));
    if (!extra.isEmpty()) {
      throw targetServer.failure(
          FailureKind.USER,
          "compare the target's files with the manifest",
          shown(extra.stream().map(path -> "file " + path + " is not in the manifest").toList()),
          "Find out who wrote to the target's run, delete it there, then resume.");
    }
  }

  /** Reads files of the target; answers what is wrong, by path. */
  private Map<String, WrongBytes> readBack(Collection<ManifestFile> files) {
    Map<String, WrongBytes> wrong = new ConcurrentHashMap<>();
    progress.phase(Phase.READING_BACK, files.size(), bytesOf(files));
    LongWork.each(
        files,
        threads,
        file -> {
          try {
            target.read(
                file.path(),
                stream -> new PartDigests(file.path(), file).readAll(stream, progress::bytes));
          } catch (WrongBytes e) {
            wrong.put(file.path(), e);
          }
          progress.file();
        });
    return wrong;
  }

  private void send(Collection<ManifestFile> files) {
    progress.phase(Phase.SENDING, files.size(), bytesOf(files));
    LongWork.each(
        files,
        threads,
        file -> {
          try {
            sendOnce(file);
          } catch (WrongBytes first) {
            // Bytes can turn on the way: only what the source gives twice is the source's.
            try {
              sendOnce(file);
            } catch (WrongBytes second) {
              throw changed(second.why());
            }
          }
          progress.file();
        });
  }

  private void sendOnce(ManifestFile file) {
    source.<ManifestFile>read(
        file.path(),
        in -> {
          PartDigests digests = new PartDigests(file.path(), file);
          target.write(file.path(), file.size(), out -> digests.pump(in, out, progress::sent));
          return file;
        });
  }

  /** Compares the source's listing with the manifest, before anything is sent. */
  private void requireUnchangedSource() {
    String difference = difference(byPath(source.list()));
    if (!difference.isEmpty()) {
      throw changed(difference);
    }
  }

  /** Compares the target's listing with the manifest, after everything was sent. */
  private void requireExactListing() {
    Map<String, ArtifactFile> there = byPath(target.list());
    requireNothingElse(there);
    String difference = difference(there);
    if (!difference.isEmpty()) {
      throw targetServer.failure(
          FailureKind.PLATFORM,
          "compare the target's files with the manifest",
          difference,
          "What is missing is sent again; look at the target's artifact store.");
    }
  }

  /** How a listing differs from the manifest, empty when it does not. */
  private String difference(Map<String, ArtifactFile> listed) {
    List<String> differences = new ArrayList<>();
    Set<String> extra = new TreeSet<>(listed.keySet());
    for (ManifestFile file : manifest.files()) {
      extra.remove(file.path());
      ArtifactFile found = listed.get(file.path());
      if (found == null) {
        differences.add("file " + file.path() + " is missing");
      } else if (found.size() != null && found.size() != file.size()) {
        differences.add(
            "file " + file.path() + " has " + found.size() + " bytes instead of " + file.size());
      }
    }
    extra.forEach(path -> differences.add("file " + path + " is not in the manifest"));
    return shown(differences);
  }

  private static String shown(List<String> differences) {
    int most = 5;
    return differences.size() <= most
        ? String.join("; ", differences)
        : String.join("; ", differences.subList(0, most))
            + "; and "
            + (differences.size() - most)
            + " more";
  }

  private RuntimeException changed(String why) {
    return sourceServer.failure(
        FailureKind.FATAL,
        "read the candidate's files",
        "the source changed since registration: " + why,
        "Find out who wrote to it; then promote the version anew.");
  }

  private void refuse(WrongBytes wrong) {
    throw targetServer.failure(
        FailureKind.PLATFORM,
        "read back what was sent",
        wrong.why() + ", after it was sent twice",
        "Look at the target's artifact store; what is wrong is sent again.");
  }

  private static Map<String, ArtifactFile> byPath(List<ArtifactFile> files) {
    Map<String, ArtifactFile> byPath = new HashMap<>();
    files.forEach(file -> byPath.put(file.path(), file));
    return byPath;
  }

  private static long bytesOf(Collection<ManifestFile> files) {
    return files.stream().mapToLong(ManifestFile::size).sum();
  }
}
