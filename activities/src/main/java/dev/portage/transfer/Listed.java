package dev.portage.transfer;

import dev.portage.candidate.ManifestFile;
import dev.portage.store.ArtifactFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A listing, compared with the files of a manifest. */
final class Listed {
  private static final int SHOWN = 5;

  private final Map<String, ArtifactFile> files = new HashMap<>();

  Listed(Collection<ArtifactFile> listed) {
    listed.forEach(file -> files.put(file.path(), file));
  }

  /** Files of a manifest as a listing has them, in their order. */
  static List<ArtifactFile> asListed(Collection<ManifestFile> files) {
    return files.stream().map(file -> new ArtifactFile(file.path(), file.size())).toList();
  }

  /** Sizes by path; null where the store says none. */
  static Map<String, @Nullable Long> sizesOf(Collection<ArtifactFile> files) {
    Map<String, @Nullable Long> sizes = HashMap.newHashMap(files.size());
    files.forEach(file -> sizes.put(file.path(), file.size()));
    return sizes;
  }

  /** Whether a file is there, with the right size if the store reports one. */
  boolean has(ManifestFile file) {
    ArtifactFile found = files.get(file.path());
    return found != null && (found.size() == null || found.size() == file.size());
  }

  /** Files that are not in the manifest, as text; empty when there are none. */
  String extra(Collection<ManifestFile> wanted) {
    return shown(extraPaths(wanted).stream().map(Listed::notInManifest).toList());
  }

  /** All that differs, as text; empty when nothing does. */
  String difference(Collection<ManifestFile> wanted) {
    List<String> differences = new ArrayList<>();
    for (ManifestFile file : wanted) {
      ArtifactFile found = files.get(file.path());
      if (found == null) {
        differences.add("file " + file.path() + " is missing");
      } else if (!has(file)) {
        differences.add(
            "file " + file.path() + " has " + found.size() + " bytes instead of " + file.size());
      }
    }
    extraPaths(wanted).forEach(path -> differences.add(notInManifest(path)));
    return shown(differences);
  }

  /** Paths of the files that are not in the manifest. */
  Set<String> extraPaths(Collection<ManifestFile> wanted) {
    Set<String> extra = new TreeSet<>(files.keySet());
    wanted.forEach(file -> extra.remove(file.path()));
    return extra;
  }

  private static String notInManifest(String path) {
    return "file " + path + " is not in the manifest";
  }

  private static String shown(List<String> differences) {
    return differences.size() <= SHOWN
        ? String.join("; ", differences)
        : String.join("; ", differences.subList(0, SHOWN))
            + "; and "
            + (differences.size() - SHOWN)
            + " more";
  }
}
