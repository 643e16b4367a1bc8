package dev.portage.platform;

import dev.portage.compute.ComputeSettings;
import dev.portage.copy.Verify;
import dev.portage.login.LoginSettings;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelName;
import dev.portage.settings.Concurrency;
import dev.portage.settings.Station;
import dev.portage.settings.WorkspaceNames;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A workspace as the platform file defines it.
 *
 * @param name its name there
 * @param kind what it is
 * @param host address of the workspace, null for a bare MLflow server
 * @param mlflow address of its MLflow server and registry; without a slash at the end
 * @param ui where people see its MLflow pages, null for where the server itself has them
 * @param login how workers log in; null for a server without a login
 * @param reader the read-only login of those who copy from here, null for none either
 * @param models pattern of full names of registered models, with {@code {model}}
 * @param marking how its registry marks the champion
 * @param verify how copies to here are verified, null when the platform leaves it open
 * @param transfers files or parts that one copy to here has in flight at most, null for the default
 * @param pool name of the instance pool, null for serverless
 * @param warehouse name of the SQL warehouse, null for any
 * @param runtime Databricks runtime of clusters, null for the newest ML runtime with long support
 * @param tables pattern of full names of tables, with {@code {table}}
 * @param experiments pattern of names of experiments, with {@code {model}}
 * @param jobs pattern of names of scoring jobs, with {@code {job}}
 * @param endpoints pattern of names of serving endpoints, with {@code {endpoint}}
 * @param compute what each compute word means here; {@link ComputeSettings#DEFAULT} is always there
 * @param allowTriggers names or ids of what may start by itself when a model changes here
 * @param concurrency what becomes of several promotions of a model to here at once; null if the
 *     file doesn't say
 * @param origin its place, such as "portage.yaml:3"
 */
public record Workspace(
    String name,
    WorkspaceKind kind,
    @Nullable URI host,
    URI mlflow,
    @Nullable URI ui,
    @Nullable LoginSettings login,
    @Nullable LoginSettings reader,
    String models,
    Marking marking,
    @Nullable Verify verify,
    @Nullable Integer transfers,
    @Nullable String pool,
    @Nullable String warehouse,
    @Nullable String runtime,
    String tables,
    String experiments,
    String jobs,
    String endpoints,
    Map<String, ComputeSettings> compute,
    List<String> allowTriggers,
    @Nullable Concurrency concurrency,
    String origin) {

  public Workspace {
    compute = Map.copyOf(compute);
    allowTriggers = List.copyOf(allowTriggers);
  }

  private static final String MODEL = "{model}";

  /** Where experiments are when the file does not say. */
  public static final String EXPERIMENTS = "/Shared/{model}";

  /**
   * Full name of a registered model here. Unity Catalog knows no upper case, of catalogs and
   * schemas neither: two ways to write one name are one model, and one turn.
   */
  public String model(String model) {
    String name = models.replace(MODEL, model);
    return hasUnityCatalog() ? name.toLowerCase(Locale.ROOT) : name;
  }

  /**
   * What a registered model here is called in {@code promotion.yaml}; empty if its full name does
   * not follow from the pattern, or if the pattern adds nothing.
   */
  public Optional<String> nameOf(String registered) {
    int at = models.indexOf(MODEL);
    String before = models.substring(0, Math.max(at, 0));
    String after = at < 0 ? "" : models.substring(at + MODEL.length());
    boolean ignoreCase = hasUnityCatalog();
    int length = registered.length() - before.length() - after.length();
    return length > 0
            && length < registered.length()
            && registered.regionMatches(ignoreCase, 0, before, 0, before.length())
            && registered.regionMatches(
                ignoreCase, before.length() + length, after, 0, after.length())
        ? Optional.of(registered.substring(before.length(), before.length() + length))
        : Optional.empty();
  }

  /**
   * Whether its registry takes a registered model of this name. One that would be taken for a name
   * of Unity Catalog is none of the workspace's own registry.
   */
  public boolean allowsModel(String model) {
    return hasUnityCatalog()
        ? ModelName.isAllowedInUnityCatalog(model)
        : ModelName.isAllowed(model) && !station(model).carriesFilesToRegister();
  }

  /**
   * What a compute word means here; empty for a word that there is none of.
   *
   * @param word null for the word of a step that names none
   */
  public Optional<ComputeSettings> compute(@Nullable String word) {
    return Optional.ofNullable(compute.get(word == null ? ComputeSettings.DEFAULT : word));
  }

  /** Which names it takes, for the message about one that it does not. */
  String modelsAllowed() {
    return hasUnityCatalog() ? ModelName.ALLOWED_IN_UNITY_CATALOG : ModelName.NOT_OF_UNITY_CATALOG;
  }

  /** Whether its registered models are those of Unity Catalog, whose names have three parts. */
  public boolean hasUnityCatalog() {
    return ModelName.isOfUnityCatalog(models);
  }

  /** It, as a promotion or a copy of this model uses it. */
  public Station station(String model) {
    return new Station(name, kind.name(), kind.capabilities(), model(model), marking);
  }

  /** How a copy to here is verified: as requested, else as the platform says. */
  public Verify verifyAs(@Nullable Verify asked) {
    Verify here = asked == null ? verify : asked;
    return here == null ? Verify.FULL : here;
  }

  /** Whether less is requested than the platform demands. */
  public boolean demandsMoreThan(@Nullable Verify asked) {
    return asked == Verify.SIZES && verify == Verify.FULL;
  }

  /** Full name of a table here; a name with a dot in it is full already. */
  public String table(String table) {
    return table.contains(".") ? table : tables.replace("{table}", table);
  }

  /** Name of a scoring job here; an id in digits stays one. */
  public String job(String job) {
    return job.chars().allMatch(Character::isDigit) ? job : jobs.replace("{job}", job);
  }

  /** Name of a serving endpoint here. */
  public String endpoint(String endpoint) {
    return endpoints.replace("{endpoint}", endpoint);
  }

  /** What its things are called, by patterns. */
  public WorkspaceNames names() {
    boolean scores = kind.capabilities().contains(Station.Capability.RUN_JOBS);
    boolean serves = kind.capabilities().contains(Station.Capability.SERVE);
    return new WorkspaceNames(models, experiments, scores ? tables : null, scores ? jobs : null)
        .serving(serves ? endpoints : null);
  }

  /** Whether it and another are at one address, so that their names must not meet. */
  public boolean isAtAddressOf(Workspace other) {
    return addresses().stream().anyMatch(other.addresses()::contains);
  }

  /**
   * Whether it and another may be one workspace, as far as their addresses tell: then what bears
   * the other's name is the other's.
   */
  boolean mayBe(Workspace other) {
    return addresses().stream()
        .anyMatch(one -> other.addresses().stream().anyMatch(two -> !one.isSurelyAnotherThan(two)));
  }

  private Set<ServerAddress> addresses() {
    ServerAddress server = ServerAddress.of(mlflow);
    ServerAddress own = host == null ? server : ServerAddress.of(host);
    return own.equals(server) ? Set.of(server) : Set.of(own, server);
  }

  /** Name of a model's experiment here. */
  public String experiment(String model) {
    return experiments.replace(MODEL, model);
  }

  /** One to be filled in; what is not named is null or the default. */
  public static Builder of(
      String name, WorkspaceKind kind, URI mlflow, String models, Marking marking, String origin) {
    return new Builder(name, kind, mlflow, models, marking, origin);
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final String name;
    private final WorkspaceKind kind;
    private @Nullable URI host;
    private final URI mlflow;
    private @Nullable URI ui;
    private @Nullable LoginSettings login;
    private @Nullable LoginSettings reader;
    private final String models;
    private final Marking marking;
    private @Nullable Verify verify;
    private @Nullable Integer transfers;
    private @Nullable String pool;
    private @Nullable String warehouse;
    private @Nullable String runtime;
    private String tables = "{table}";
    private String experiments = EXPERIMENTS;
    private String jobs = "{job}";
    private String endpoints = "{endpoint}";
    private Map<String, ComputeSettings> compute = Map.of();
    private List<String> allowTriggers = List.of();
    private @Nullable Concurrency concurrency;
    private final String origin;

    private Builder(
        String name,
        WorkspaceKind kind,
        URI mlflow,
        String models,
        Marking marking,
        String origin) {
      this.name = name;
      this.kind = kind;
      this.mlflow = mlflow;
      this.models = models;
      this.marking = marking;
      this.origin = origin;
    }

    /**
     * Address of the workspace, null for a bare MLflow server, and where people see its MLflow
     * pages, null for where the server itself has them.
     */
    public Builder pages(@Nullable URI host, @Nullable URI ui) {
      this.host = host;
      this.ui = ui;
      return this;
    }

    /**
     * Where its login is stored, and the read-only one for those who copy from here; null for none.
     */
    public Builder logins(@Nullable LoginSettings login, @Nullable LoginSettings reader) {
      this.login = login;
      this.reader = reader;
      return this;
    }

    /**
     * How copies to here are verified, and how many files or parts one has in flight; null for the
     * defaults.
     */
    public Builder copies(@Nullable Verify verify, @Nullable Integer transfers) {
      this.verify = verify;
      this.transfers = transfers;
      return this;
    }

    /**
     * Name of the instance pool, null for serverless, and the runtime of clusters, null for the
     * newest.
     */
    public Builder cluster(@Nullable String pool, @Nullable String runtime) {
      this.pool = pool;
      this.runtime = runtime;
      return this;
    }

    /** Name of the SQL warehouse, null for any. */
    public Builder warehouse(@Nullable String warehouse) {
      this.warehouse = warehouse;
      return this;
    }

    /** Patterns of names of tables, experiments and scoring jobs. */
    public Builder names(String tables, String experiments, String jobs) {
      this.tables = tables;
      this.experiments = experiments;
      this.jobs = jobs;
      return this;
    }

    /** Pattern of names of serving endpoints. */
    public Builder endpoints(String endpoints) {
      this.endpoints = endpoints;
      return this;
    }

    /** What each compute word means here; {@link ComputeSettings#DEFAULT} is always there. */
    public Builder compute(Map<String, ComputeSettings> compute) {
      this.compute = compute;
      return this;
    }

    /** Names or ids of what may start by itself when a model changes here. */
    public Builder allowTriggers(List<String> namesOrIds) {
      this.allowTriggers = namesOrIds;
      return this;
    }

    /** What becomes of several promotions of a model to here at once. */
    public Builder concurrency(@Nullable Concurrency concurrency) {
      this.concurrency = concurrency;
      return this;
    }

    /** What was filled in. */
    public Workspace build() {
      return new Workspace(
          name,
          kind,
          host,
          mlflow,
          ui,
          login,
          reader,
          models,
          marking,
          verify,
          transfers,
          pool,
          warehouse,
          runtime,
          tables,
          experiments,
          jobs,
          endpoints,
          compute,
          allowTriggers,
          concurrency,
          origin);
    }
  }
}
