package dev.portage.databricks;

import java.net.URI;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import okhttp3.OkHttpClient;

/**
 * Creates and caches the clients of Databricks workspaces. They send each request once (only
 * Temporal retries) and read the token anew for each call.
 */
public final class DatabricksClients {
  private final DatabricksWorkspaces workspaces;
  private final OkHttpClient rest;
  private final ConcurrentMap<Key, DatabricksApi> clients = new ConcurrentHashMap<>();

  /** A client belongs to a name at a host: a workspace that moved gets a new one. */
  private record Key(String name, URI host) {}

  /**
   * Clients for these workspaces.
   *
   * @param rest the client for REST calls of {@link dev.portage.http.OutboundHttp}
   */
  public DatabricksClients(DatabricksWorkspaces workspaces, OkHttpClient rest) {
    this.workspaces = workspaces;
    this.rest = rest;
  }

  /**
   * The client for a workspace.
   *
   * @throws io.temporal.failure.ApplicationFailure the user's, when this worker has no such
   *     workspace
   */
  DatabricksApi of(String workspace) {
    DatabricksWorkspace now = workspaces.workspace(workspace);
    return clients.computeIfAbsent(
        new Key(now.name(), now.host()), key -> new DatabricksApi(workspaces, key.name(), rest));
  }
}
