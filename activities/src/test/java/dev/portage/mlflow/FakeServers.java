package dev.portage.mlflow;

import java.util.Map;

/** The servers of a test's workspaces; reading and writing use the same login. */
public final class FakeServers implements MlflowServers {
  private final Map<String, FakeMlflow> servers;

  private FakeServers(Map<String, FakeMlflow> servers) {
    this.servers = servers;
  }

  /** One workspace, "dev". */
  public static FakeServers of(FakeMlflow dev) {
    return new FakeServers(Map.of("dev", dev));
  }

  /** Two workspaces, "dev" and "prod". */
  public static FakeServers of(FakeMlflow dev, FakeMlflow prod) {
    return new FakeServers(Map.of("dev", dev, "prod", prod));
  }

  @Override
  public MlflowServer of(String workspace) {
    FakeMlflow server = servers.get(workspace);
    if (server == null) {
      throw new IllegalArgumentException("no workspace " + workspace);
    }
    return server.client();
  }

  @Override
  public MlflowServer readerOf(String workspace) {
    return of(workspace);
  }
}
