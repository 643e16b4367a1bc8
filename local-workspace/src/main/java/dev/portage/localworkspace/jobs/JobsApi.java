package dev.portage.localworkspace.jobs;

import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.documents.DocumentFolder;
import dev.portage.localworkspace.git.Checkouts;
import dev.portage.localworkspace.pools.Compute;
import dev.portage.localworkspace.secrets.ClusterSecrets;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The Jobs API 2.2 of a workspace. Jobs, runs and idempotency tokens are in memory: they are lost
 * when the process ends, and ids are never reused. Schedules are checked and stored but never fire.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs">Jobs API reference</a>
 */
public final class JobsApi implements AutoCloseable {
  private final JobPermissions permissions;
  private final JobRoutes jobRoutes;
  private final RunRoutes runRoutes;
  private final RunPage page;
  private final RunEngine engine;

  /**
   * How tasks are run.
   *
   * @param runner what runs them
   * @param secrets where clusters get the values of secrets from
   * @param checkouts where they get the code from
   * @param faults what is to go wrong
   */
  public record Tasks(
      TaskRunner runner, ClusterSecrets secrets, Checkouts checkouts, RunFaults faults) {}

  /**
   * Ready for calls; nothing runs yet.
   *
   * @param home this workspace
   * @param folder where everything is kept
   * @param mlflow whether the MLflow server behind the workspace answers yet
   * @throws IOException when what is kept there can't be read
   */
  public JobsApi(
      Compute compute,
      Tasks tasks,
      Home home,
      Path folder,
      InstantSource clock,
      BooleanSupplier mlflow)
      throws IOException {
    // From the clock, so that no id is reused after a restart with the same MLflow server; the
    // clock may have been set back since.
    AtomicLong last = new AtomicLong(clock.millis() * 1000);
    LongSupplier ids = last::incrementAndGet;
    JobBook jobs = new JobBook(ids, clock, new DocumentFolder(folder.resolve("jobs")));
    last.accumulateAndGet(jobs.highest(), Math::max);
    JobRules rules = new JobRules(compute, clock);
    permissions = new JobPermissions(jobs, new DocumentFolder(folder.resolve("job-permissions")));
    engine = new RunEngine(tasks, folder.resolve("runs"), ids, clock);
    engine.goOn(mlflow, highest -> last.accumulateAndGet(highest, Math::max));
    jobRoutes = new JobRoutes(jobs, rules, new JobJson(compute), permissions);
    runRoutes = new RunRoutes(jobs, permissions, rules, engine, new RunJson(home, clock), ids);
    page = new RunPage(engine);
  }

  /** Adds the calls. */
  public void addTo(ApiRoutes routes) {
    permissions.addTo(routes);
    jobRoutes.addTo(routes);
    runRoutes.addTo(routes);
  }

  /**
   * Adds the page that each run has. It needs no login, since the workspace listens on loopback
   * alone.
   */
  public void addPageTo(RoutesConfig routes) {
    page.addTo(routes);
  }

  /** Stops every run and the processes it began. */
  @Override
  public void close() {
    engine.close();
  }
}
