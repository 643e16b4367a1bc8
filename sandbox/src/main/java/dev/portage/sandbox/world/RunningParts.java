package dev.portage.sandbox.world;

import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.sandbox.process.MlflowServerProcess;
import dev.portage.sandbox.temporal.TemporalServer;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * The running parts of a world, by workspace name if there is one for each.
 *
 * @param temporal the server
 * @param mlflow MLflow servers
 * @param workspaces the workspaces
 * @param hosts addresses of the workspaces as workers know them
 * @param addresses all addresses of each workspace
 * @param workers the worker processes
 */
record RunningParts(
    TemporalServer temporal,
    Map<String, MlflowServerProcess> mlflow,
    Map<String, LocalWorkspace> workspaces,
    Map<String, URI> hosts,
    Map<String, List<URI>> addresses,
    Map<String, WorkerProcess> workers) {

  RunningParts {
    mlflow = Map.copyOf(mlflow);
    workspaces = Map.copyOf(workspaces);
    hosts = Map.copyOf(hosts);
    addresses = Map.copyOf(addresses);
    workers = Map.copyOf(workers);
  }
}
