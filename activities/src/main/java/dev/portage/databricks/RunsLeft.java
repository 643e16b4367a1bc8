package dev.portage.databricks;

import com.databricks.sdk.service.jobs.BaseRun;
import com.databricks.sdk.service.jobs.CancelRun;
import com.databricks.sdk.service.jobs.ListRunsRequest;
import com.databricks.sdk.service.jobs.ListRunsResponse;
import com.databricks.sdk.service.jobs.RunTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Active runs in a workspace that promotions started: a run that was submitted names its promotion
 * in its task's description, a job's run in its parameters.
 */
public final class RunsLeft {
  private static final long PAGE = 25;
  private static final int MOST_PAGES = 40;

  /** Longer than any run of a promotion may take. */
  private static final Duration BACK = Duration.ofDays(14);

  private final DatabricksClients clients;

  /** Runs in these workspaces. */
  public RunsLeft(DatabricksClients clients) {
    this.clients = clients;
  }

  /**
   * A run that goes on.
   *
   * @param runId its id
   * @param promotion workflow id of the promotion that it names
   * @param name as people see it
   */
  public record Left(long runId, String promotion, String name) {}

  /**
   * Active runs that name a promotion.
   *
   * @param prefix how the promotions' workflow ids begin
   */
  public List<Left> active(String workspace, String prefix) {
    DatabricksApi api = clients.of(workspace);
    ListRunsRequest request =
        new ListRunsRequest()
            .setActiveOnly(true)
            .setExpandTasks(true)
            .setStartTimeFrom(Instant.now().minus(BACK).toEpochMilli())
            .setLimit(PAGE);
    List<Left> found = new ArrayList<>();
    @Nullable String next = null;
    int pages = 0;
    do {
      ListRunsRequest page = next == null ? request : request.setPageToken(next);
      ListRunsResponse listed =
          api.ask("find runs of promotions that are over", () -> api.jobs().listRuns(page));
      for (BaseRun run : Objects.requireNonNullElse(listed.getRuns(), List.<BaseRun>of())) {
        String promotion = promotionOf(run);
        Long id = run.getRunId();
        if (id != null
            && promotion != null
            && promotion.startsWith(prefix)
            && !RunStates.hasEnded(run)) {
          found.add(new Left(id, promotion, Objects.requireNonNullElse(run.getRunName(), "run")));
        }
      }
      next = listed.getNextPageToken();
    } while (next != null && !next.isEmpty() && ++pages < MOST_PAGES);
    return found;
  }

  /** Ends a run; that it has ended by itself is as well. */
  public void cancel(String workspace, Left run) {
    DatabricksApi api = clients.of(workspace);
    api.call(
        "cancel run " + run.runId(),
        () -> api.jobs().cancelRun(new CancelRun().setRunId(run.runId())));
  }

  private static @Nullable String promotionOf(BaseRun run) {
    String ofJob = OthersRuns.promotionOf(run);
    if (ofJob != null || run.getTasks() == null) {
      return ofJob;
    }
    for (RunTask task : run.getTasks()) {
      String description = task.getDescription();
      String promotion = description == null ? null : RunStarts.promotionIn(description);
      if (promotion != null) {
        return promotion;
      }
    }
    return null;
  }
}
