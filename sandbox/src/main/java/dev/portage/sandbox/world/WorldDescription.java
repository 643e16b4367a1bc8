package dev.portage.sandbox.world;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.connection.ProcessMark;
import dev.portage.sandbox.temporal.TemporalServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;

/** Writes {@code sandbox.json}, through which commands in other terminals find the sandbox. */
final class WorldDescription {
  private final Path file;
  private final ObjectMapper mapper = new ObjectMapper();

  WorldDescription(Path file) {
    this.file = file;
  }

  /**
   * A workspace.
   *
   * @param name its name
   * @param host its address
   * @param mlflow address of the MLflow server behind it
   * @param mlflowPid process of that server
   * @param token file of its login
   */
  record Entry(String name, URI host, URI mlflow, long mlflowPid, Path token) {}

  void write(
      String name,
      List<Entry> workspaces,
      TemporalServer temporal,
      Collection<WorkerProcess> workers,
      Path platform)
      throws IOException {
    ObjectNode root = mapper.createObjectNode();
    root.put("name", name);
    ProcessMark process = ProcessMark.ofThis();
    root.putObject("process")
        .put("host", process.host())
        .put("pid", process.pid())
        .put("started", process.started());
    root.put("platform", platform.toString());
    ObjectNode entries = root.putObject("workspaces");
    for (Entry workspace : workspaces) {
      entries
          .putObject(workspace.name())
          .put("host", workspace.host().toString())
          .put("mlflow", workspace.mlflow().toString())
          .put("mlflowPid", workspace.mlflowPid())
          .put("token", "file:" + workspace.token());
    }
    ObjectNode server = root.putObject("temporal");
    server.put("address", temporal.address()).put("namespace", TemporalServer.NAMESPACE);
    server.put("pid", temporal.pid());
    temporal.ui().ifPresent(ui -> server.put("ui", ui.toString()));
    var list = root.putArray("workers");
    for (WorkerProcess worker : workers) {
      ObjectNode entry = list.addObject();
      worker.serves().forEach(entry.putArray("workspaces")::add);
      entry.put("pid", worker.pid()).put("health", worker.health().toString());
    }
    // Readers find the old one or the new one, never half of one.
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(
        fresh, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Commands that find it say that nobody answers there.
    }
  }
}
