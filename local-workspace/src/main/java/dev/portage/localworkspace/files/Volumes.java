package dev.portage.localworkspace.files;

import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.rights.Caller;
import dev.portage.localworkspace.rights.Right;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Volumes: {@code /Volumes/<catalog>/<schema>/<volume>}. */
public final class Volumes implements FilePlaces {
  private final Path root;
  private final Set<String> names;

  /**
   * The volumes of a workspace.
   *
   * @param root where they are kept, one folder a volume
   * @param names those there are, such as {@code main.default.data}, besides those with a folder
   */
  public Volumes(Path root, Set<String> names) {
    this.root = root;
    this.names = Set.copyOf(names);
  }

  @Override
  public String name() {
    return "Volumes";
  }

  @Override
  public FilePath find(List<String> parts) {
    if (parts.size() < 4) {
      throw ApiRefusal.invalidParameter(
          "The path must be /Volumes/<catalog>/<schema>/<volume>/…, not '/"
              + String.join("/", parts)
              + "'");
    }
    String volume = String.join(".", parts.subList(1, 4));
    if (!names.contains(volume) && !Files.isDirectory(root.resolve(volume))) {
      throw ApiRefusal.notFound("NOT_FOUND", "Volume '" + volume + "' does not exist.");
    }
    return new FilePath(
        "/Volumes/" + String.join("/", parts.subList(1, 4)),
        root.resolve(volume),
        parts.subList(4, parts.size()));
  }

  @Override
  public void judge(FilePath path, Caller caller, boolean writes) {
    caller.require(writes ? Right.FILES_WRITE : Right.FILES_READ);
  }
}
