package dev.portage.preflight;

import dev.portage.job.TeamJobNeeds;
import dev.portage.job.WheelNeeds;
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
    @Nullable Boolean rehearses) {

  /** Without a rehearsal. */
  public WorkspaceNeeds(
      String workspace,
      @Nullable String model,
      @Nullable String experiment,
      List<Right> rights,
      @Nullable String table,
      @Nullable List<String> compute,
      @Nullable Ahead ahead,
      @Nullable List<TeamJobNeeds> jobs,
      @Nullable List<WheelNeeds> wheels) {
    this(workspace, model, experiment, rights, table, compute, ahead, jobs, wheels, null);
  }

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
    this(workspace, model, experiment, rights, table, compute, ahead, jobs, null);
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
    QUERY_TABLES
  }

  public WorkspaceNeeds {
    rights = List.copyOf(rights);
    compute = compute == null ? null : List.copyOf(compute);
    jobs = jobs == null ? null : List.copyOf(jobs);
    wheels = wheels == null ? null : List.copyOf(wheels);
  }
}
