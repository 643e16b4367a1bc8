package dev.portage.worker;

import dev.portage.document.Reading;
import dev.portage.kind.KnownKinds;
import dev.portage.platform.Platform;
import dev.portage.platform.PlatformFile;
import dev.portage.platform.Workspace;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The workspaces' addresses in a platform file, for the code that starts their workers. */
public final class WorkspaceAddresses {
  private final PlatformFile file;

  /** Reads nothing yet. */
  public WorkspaceAddresses(Path platformFile) {
    this.file = new PlatformFile(platformFile, KnownKinds.all());
  }

  /**
   * The file as it is now; what is wrong with it is reported with file and line.
   *
   * @return the host of each workspace, or its MLflow server where it has no host, by its name:
   *     those of the path in its order, then the others
   */
  public Reading<Map<String, URI>> read() {
    return file.read().then(platform -> new Reading.Good<>(addresses(platform)));
  }

  private static Map<String, URI> addresses(Platform platform) {
    Map<String, URI> addresses = new LinkedHashMap<>();
    for (String name : platform.inOrder()) {
      platform.workspace(name).ifPresent(workspace -> addresses.put(name, address(workspace)));
    }
    return addresses;
  }

  private static URI address(Workspace workspace) {
    return workspace.host() == null ? workspace.mlflow() : workspace.host();
  }
}
