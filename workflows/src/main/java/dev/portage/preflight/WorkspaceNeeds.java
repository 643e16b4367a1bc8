package dev.portage.preflight;

import dev.portage.job.TeamJobNeeds;
import dev.portage.job.WheelNeeds;
import dev.portage.settings.ServeSettings.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a promotion, or the doctor, needs from one workspace.
 *
 * @param workspace its name in the platform file
 * @param model registered model there, null when none in particular
 * @param experiment experiment there, null when none in particular
 * @param rights what will be done there
 * @param table full name of the table that predictions go to, null when none in particular
 * @param compute compute words of what will run there, {@code default} for a step that names none;
 *     null from a writer that knew no words, and for the doctor, who checks all
 * @param ahead what else to read, if nothing failed; null for nothing
 * @param jobs what is wanted of jobs that the team has there; null for none
 * @param wheels wheels that are run there; null for none, and from a writer that knew none
 * @param rehearses whether scoring is rehearsed there: true where {@code promotion.yaml} asks for
 *     it, false where what is lacking only means that there is no rehearsal; null for none, or from
 *     a writer that knew none
 * @param copiesFrom the workspace that copies to this one come from; null for the one before it on
 *     the platform's path, if any
 * @param named pools and policies that settings of a job name, as {@code pool:ml-small}; null for
 *     none, or from a writer that knew none
 * @param secrets references to secrets that served models get, such as {@code
 *     {{secrets/churn/token}}}; null for none
 * @param endpoint the serving endpoint that is changed or created there; null for none
 * @param candidate full id of the commit that is promoted there; null for none, when unknown, or
 *     from a writer that did not say
 * @param size of what is served there; null for nothing, or from a writer that did not say
 */
public record WorkspaceNeeds(
    String workspace,
    @Nullable String model,
    @Nullable String experiment,
    List<Right> rights,
    @Nullable String table,
    @Nullable List<String> compute,
    @Nullable Ahead ahead,
    @Nullable List<TeamJobNeeds> jobs,
    @Nullable List<WheelNeeds> wheels,
    @Nullable Boolean rehearses,
    @Nullable String copiesFrom,
    @Nullable List<String> named,
    @Nullable List<String> secrets,
    @Nullable String endpoint,
    @Nullable String candidate,
    @Nullable Size size) {

  /** Without wheels. */
  public WorkspaceNeeds(
      String workspace,
      @Nullable String model,
      @Nullable String experiment,
      List<Right> rights,
      @Nullable String table,
      @Nullable List<String> compute,
      @Nullable Ahead ahead,
      @Nullable List<TeamJobNeeds> jobs) {
    this(
        workspace,
        model,
        experiment,
        rights,
        table,
        compute,
        ahead,
        jobs,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** Without anything else to read. */
  public WorkspaceNeeds(
      String workspace,
      @Nullable String model,
      @Nullable String experiment,
      List<Right> rights,
      @Nullable String table) {
    this(workspace, model, experiment, rights, table, null, null, null);
  }

  /** Without a table in particular. */
  public WorkspaceNeeds(
      String workspace, @Nullable String model, @Nullable String experiment, List<Right> rights) {
    this(workspace, model, experiment, rights, null, null, null, null);
  }

  /** Things done in a workspace, each needing a right. */
  public enum Right {
    READ_REGISTRY,
    WRITE_REGISTRY,
    RUN_JOBS,
    MANAGE_JOBS,
    USE_POOL,
    QUERY_TABLES,
    SERVE_MODELS
  }

  public WorkspaceNeeds {
    rights = List.copyOf(rights);
    compute = compute == null ? null : List.copyOf(compute);
    jobs = jobs == null ? null : List.copyOf(jobs);
    wheels = wheels == null ? null : List.copyOf(wheels);
    named = named == null ? null : List.copyOf(named);
    secrets = secrets == null ? null : List.copyOf(secrets);
  }

  /** One to be filled in; what is not named is null. */
  public static Builder of(String workspace, List<Right> rights) {
    return new Builder(workspace, rights);
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final String workspace;
    private @Nullable String model;
    private @Nullable String experiment;
    private final List<Right> rights;
    private @Nullable String table;
    private @Nullable List<String> compute;
    private @Nullable Ahead ahead;
    private @Nullable List<TeamJobNeeds> jobs;
    private @Nullable List<WheelNeeds> wheels;
    private @Nullable Boolean rehearses;
    private @Nullable String copiesFrom;
    private @Nullable List<String> named;
    private @Nullable List<String> secrets;
    private @Nullable String endpoint;
    private @Nullable String candidate;
    private @Nullable Size size;

    private Builder(String workspace, List<Right> rights) {
      this.workspace = workspace;
      this.rights = rights;
    }

    /** Registered model there, null when none in particular. */
    public Builder model(@Nullable String model) {
      this.model = model;
      return this;
    }

    /** Experiment there, null when none in particular. */
    public Builder experiment(@Nullable String experiment) {
      this.experiment = experiment;
      return this;
    }

    /** Full name of the table that predictions go to, null when none in particular. */
    public Builder table(@Nullable String table) {
      this.table = table;
      return this;
    }

    /**
     * Compute words of what will run there, {@code default} for a step that names none; null from a
     * writer that knew no words, and for the doctor, who checks all.
     */
    public Builder compute(@Nullable List<String> compute) {
      this.compute = compute;
      return this;
    }

    /** What else to read, if nothing failed; null for nothing. */
    public Builder ahead(@Nullable Ahead ahead) {
      this.ahead = ahead;
      return this;
    }

    /** What is wanted of jobs that the team has there; null for none. */
    public Builder jobs(@Nullable List<TeamJobNeeds> jobs) {
      this.jobs = jobs;
      return this;
    }

    /** Wheels that are run there; null for none, and from a writer that knew none. */
    public Builder wheels(@Nullable List<WheelNeeds> wheels) {
      this.wheels = wheels;
      return this;
    }

    /**
     * Whether scoring is rehearsed there: true where {@code promotion.yaml} asks for it, false
     * where what is lacking only means that there is no rehearsal; null for none, or from a writer
     * that knew none.
     */
    public Builder rehearses(@Nullable Boolean rehearses) {
      this.rehearses = rehearses;
      return this;
    }

    /**
     * The workspace that copies to this one come from; null for the one before it on the platform's
     * path, if any.
     */
    public Builder copiesFrom(@Nullable String copiesFrom) {
      this.copiesFrom = copiesFrom;
      return this;
    }

    /** Pools and policies that settings of a job name, as {@code pool:ml-small}; null for none. */
    public Builder named(@Nullable List<String> named) {
      this.named = named;
      return this;
    }

    /** References to secrets that served models get; null for none. */
    public Builder secrets(@Nullable List<String> secrets) {
      this.secrets = secrets;
      return this;
    }

    /** The serving endpoint that is changed or created there; null for none. */
    public Builder endpoint(@Nullable String endpoint) {
      this.endpoint = endpoint;
      return this;
    }

    /** Full id of the commit that is promoted there; null for none. */
    public Builder candidate(@Nullable String candidate) {
      this.candidate = candidate;
      return this;
    }

    /** Size of what is served there; null for nothing. */
    public Builder size(@Nullable Size size) {
      this.size = size;
      return this;
    }

    /** What was filled in. */
    public WorkspaceNeeds build() {
      return new WorkspaceNeeds(
          workspace,
          model,
          experiment,
          rights,
          table,
          compute,
          ahead,
          jobs,
          wheels,
          rehearses,
          copiesFrom,
          named,
          secrets,
          endpoint,
          candidate,
          size);
    }
  }
}
