package dev.portage.localworkspace;

import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.models.ModelSettings;
import dev.portage.localworkspace.pools.ClusterPolicy;
import dev.portage.localworkspace.pools.InstancePool;
import dev.portage.localworkspace.protocol.Sha256;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.serving.ServingSettings;
import dev.portage.localworkspace.sql.Warehouse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a workspace. Tokens are stored only as SHA-256.
 *
 * @param name for messages, such as {@code dev}
 * @param workspaceId the numeric id, answered as {@code x-databricks-org-id}
 * @param port to listen on, on loopback; 0 for a free one
 * @param dir for its state: checkouts, run folders, volumes
 * @param tables where Delta tables are: a table in the folder of its full name
 * @param mlflow the MLflow server behind it, without a path; null for none
 * @param python the Python that runs notebooks and SQL; null where none is to be run
 * @param spark where PySpark with Delta Lake is installed, for notebooks; null for none
 * @param tokens who may call
 * @param pools its instance pools
 * @param policies its cluster policies
 * @param warehouses its SQL warehouses
 * @param volumes its volumes, such as {@code main.default.data}
 * @param artifacts where artifacts of runs and logged models are stored; null to leave them to
 *     MLflow
 * @param models its models in Unity Catalog; null for none
 * @param serving how models are served
 */
public record LocalWorkspaceSettings(
    String name,
    String workspaceId,
    int port,
    Path dir,
    Path tables,
    @Nullable URI mlflow,
    @Nullable Path python,
    @Nullable Path spark,
    List<Token> tokens,
    List<InstancePool> pools,
    List<ClusterPolicy> policies,
    List<Warehouse> warehouses,
    Set<String> volumes,
    @Nullable ArtifactSettings artifacts,
    @Nullable ModelSettings models,
    ServingSettings serving) {

  /** Checks what can be checked without starting, and keeps its own copies. */
  public LocalWorkspaceSettings {
    if (!workspaceId.matches("\\d{1,19}")) {
      throw new IllegalArgumentException("workspaceId must be a number, not '" + workspaceId + "'");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port must be between 0 and 65535, not " + port);
    }
    for (String volume : volumes) {
      if (!volume.matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+")) {
        throw new IllegalArgumentException(
            "A volume must be named <catalog>.<schema>.<volume>, not '" + volume + "'");
      }
    }
    dir = dir.toAbsolutePath().normalize();
    tables = tables.toAbsolutePath().normalize();
    tokens = List.copyOf(tokens);
    pools = List.copyOf(pools);
    policies = List.copyOf(policies);
    warehouses = List.copyOf(warehouses);
    volumes = Set.copyOf(volumes);
  }

  /**
   * A token that is good here.
   *
   * @param sha256 of its value, in lower-case hex
   * @param user whom it speaks for
   * @param rights what it may be used for
   */
  public record Token(String sha256, String user, Set<Right> rights) {
    /** Keeps its own copy of the rights. */
    public Token {
      if (!sha256.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException(
            "The SHA-256 of the token of " + user + " must be 64 hex digits");
      }
      rights = Set.copyOf(rights);
    }

    /** A token by its value. */
    public static Token of(String value, String user, Set<Right> rights) {
      return new Token(Sha256.of(value), user, rights);
    }

    /**
     * A token whose value is the content of a file, without white space around it.
     *
     * @throws IOException when the file can't be read or is empty
     */
    public static Token inFile(Path file, String user, Set<Right> rights) throws IOException {
      String value = Files.readString(file).strip();
      if (value.isEmpty()) {
        throw new IOException("The token file " + file + " is empty");
      }
      return of(value, user, rights);
    }
  }

  /** Begins with the things every workspace has. */
  public static Builder named(String name, String workspaceId, Path dir) {
    return new Builder(name, workspaceId, dir);
  }

  /** Builds settings. */
  public static final class Builder {
    private final String name;
    private final String workspaceId;
    private final Path dir;
    private final List<Token> tokens = new ArrayList<>();
    private final List<InstancePool> pools = new ArrayList<>();
    private final List<ClusterPolicy> policies = new ArrayList<>();
    private final List<Warehouse> warehouses = new ArrayList<>();
    private final Set<String> volumes = new LinkedHashSet<>();
    private int port;
    private @Nullable Path tables;
    private @Nullable URI mlflow;
    private @Nullable Path python;
    private @Nullable Path spark;
    private @Nullable ArtifactSettings artifacts;
    private @Nullable ModelSettings models;
    private ServingSettings serving = ServingSettings.standard();

    private Builder(String name, String workspaceId, Path dir) {
      this.name = name;
      this.workspaceId = workspaceId;
      this.dir = dir;
    }

    /** The port; without it a free one. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /** Where Delta tables are; without it, {@code tables} in the workspace's own folder. */
    public Builder tables(Path value) {
      tables = value;
      return this;
    }

    /** The MLflow server behind it. */
    public Builder mlflow(URI value) {
      mlflow = value;
      return this;
    }

    /** The Python for notebooks and SQL. */
    public Builder python(Path value) {
      python = value;
      return this;
    }

    /** Where PySpark with Delta Lake is installed. */
    public Builder spark(@Nullable Path value) {
      spark = value;
      return this;
    }

    /** One more token. */
    public Builder token(Token value) {
      tokens.add(value);
      return this;
    }

    /** One more pool. */
    public Builder pool(InstancePool value) {
      pools.add(value);
      return this;
    }

    /** One more policy. */
    public Builder policy(ClusterPolicy value) {
      policies.add(value);
      return this;
    }

    /** One more warehouse. */
    public Builder warehouse(Warehouse value) {
      warehouses.add(value);
      return this;
    }

    /** One more volume. */
    public Builder volume(String value) {
      volumes.add(value);
      return this;
    }

    /** Where artifacts are stored. */
    public Builder artifacts(ArtifactSettings value) {
      artifacts = value;
      return this;
    }

    /** The models in Unity Catalog. */
    public Builder models(ModelSettings value) {
      models = value;
      return this;
    }

    /** How models are served; without it, much as on Databricks. */
    public Builder serving(ServingSettings value) {
      serving = value;
      return this;
    }

    /** The settings. */
    public LocalWorkspaceSettings build() {
      return new LocalWorkspaceSettings(
          name,
          workspaceId,
          port,
          dir,
          tables == null ? dir.resolve("tables") : tables,
          mlflow,
          python,
          spark,
          tokens,
          pools,
          policies,
          warehouses,
          volumes,
          artifacts,
          models,
          serving);
    }
  }
}
