package dev.portage.databricks;

import com.databricks.sdk.service.jobs.BaseRun;
import com.databricks.sdk.service.jobs.JobParameter;
import com.databricks.sdk.service.jobs.ListRunsRequest;
import com.databricks.sdk.service.jobs.ListRunsResponse;
import com.databricks.sdk.service.jobs.RunParameters;
import dev.portage.job.OthersQuery;
import dev.portage.job.OthersRun;
import dev.portage.job.RunRef;
import dev.portage.settings.ScoringValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Active runs of a job that another promotion started. A run's own parameters name its promotion;
 * runs started by the job's schedule or by a person name none.
 */
final class OthersRuns {
  private static final long PAGE = 25;
  private static final String OPTION = "--" + ScoringValues.PROMOTION + "=";

  private final DatabricksClients clients;

  OthersRuns(DatabricksClients clients) {
    this.clients = clients;
  }

  List<OthersRun> of(OthersQuery query) {
    DatabricksApi api = clients.of(query.workspace());
    List<OthersRun> found = new ArrayList<>();
    ListRunsRequest request =
        new ListRunsRequest().setJobId(query.jobId()).setActiveOnly(true).setLimit(PAGE);
    @Nullable String next = null;
    do {
      ListRunsRequest page = next == null ? request : request.setPageToken(next);
      ListRunsResponse listed =
          api.ask("find runs of job " + query.jobId(), () -> api.jobs().listRuns(page));
      if (listed.getRuns() != null) {
        listed.getRuns().forEach(run -> other(query, run).ifPresent(found::add));
      }
      next = listed.getNextPageToken();
    } while (next != null && !next.isEmpty());
    return found;
  }

  private static Optional<OthersRun> other(OthersQuery query, BaseRun run) {
    Long id = run.getRunId();
    String promotion = promotionOf(run);
    // A list of active runs may be behind: what it shows as ended was not ended by us.
    boolean counts = !RunStates.hasEnded(run) && !query.promotion().equals(promotion);
    return id == null || promotion == null || !counts
        ? Optional.empty()
        : Optional.of(
            new OthersRun(
                new RunRef(
                    query.workspace(), query.jobId(), id, RunReader.pageOf(run.getRunPageUrl())),
                promotion));
  }

  /** Which promotion started a run of a job; null if none did. */
  static @Nullable String promotionOf(BaseRun run) {
    RunParameters given = run.getOverridingParameters();
    if (run.getJobParameters() != null) {
      for (JobParameter parameter : run.getJobParameters()) {
        String value = parameter.getValue();
        if (ScoringValues.PROMOTION.equals(parameter.getName())
            && value != null
            && !value.isEmpty()) {
          return value;
        }
      }
    }
    if (given == null) {
      return null;
    }
    for (@Nullable Map<String, String> named :
        Arrays.asList(given.getNotebookParams(), given.getPythonNamedParams())) {
      String promotion = named == null ? null : named.get(ScoringValues.PROMOTION);
      if (promotion != null) {
        return promotion;
      }
    }
    // Ours comes last: a person's own arguments come before it.
    return given.getPythonParams() == null
        ? null
        : List.copyOf(given.getPythonParams()).reversed().stream()
            .filter(word -> word.startsWith(OPTION))
            .map(word -> word.substring(OPTION.length()))
            .findFirst()
            .orElse(null);
  }
}
