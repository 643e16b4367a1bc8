package dev.portage.sandbox.world;

import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.localworkspace.LocalWorkspaceSettings;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.pools.InstancePool;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.serving.ServingSettings;
import dev.portage.localworkspace.sql.Warehouse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Starts the sandbox's workspaces, each with a login for everything and a read-only one. */
final class LocalWorkspaces {
  private static final Set<Right> READER =
      Set.of(Right.REGISTRY_READ, Right.FILES_READ, Right.JOBS_VIEW);

  private final WorldFolder folder;
  private final Path python;
  private final @Nullable Path spark;
  private final Duration startLimit;

  LocalWorkspaces(WorldFolder folder, Path python, @Nullable Path spark, Duration startLimit) {
    this.folder = folder;
    this.startLimit = startLimit;
    this.python = python;
    this.spark = spark;
  }

  /**
   * Starts one, with new tokens in its folder.
   *
   * @param number makes its id differ from the others'
   */
  LocalWorkspace start(String name, int number, int port, URI mlflow) throws IOException {
    Path home = folder.workspace(name);
    Files.createDirectories(home);
    Secrets.write(token(folder, name), Secrets.token());
    Secrets.write(readerToken(name), Secrets.token());
    LocalWorkspaceSettings settings =
        LocalWorkspaceSettings.named(name, "900000000000000" + number, home.resolve("workspace"))
            .port(port)
            .tables(home.resolve("tables"))
            .mlflow(mlflow)
            .python(python)
            .spark(spark)
            .token(
                Token.inFile(
                    token(folder, name),
                    "portage-" + name + "@example.com",
                    EnumSet.allOf(Right.class)))
            .token(
                Token.inFile(readerToken(name), "portage-" + name + "-reader@example.com", READER))
            .pool(
                new InstancePool(PlatformFileText.POOL, "pool-" + name + "-1", "Standard_D4ds_v5"))
            .warehouse(new Warehouse("main", "warehouse-" + name))
            .volume("main.default.data")
            .serving(ServingSettings.standard().withStartLimit(startLimit))
            .build();
    return LocalWorkspace.start(settings);
  }

  /** File of the login that may do all. */
  static Path token(WorldFolder folder, String name) {
    return folder.workspace(name).resolve(name + ".token");
  }

  /** File of the login that only reads. */
  Path readerToken(String name) {
    return folder.workspace(name).resolve(name + "-reader.token");
  }
}
