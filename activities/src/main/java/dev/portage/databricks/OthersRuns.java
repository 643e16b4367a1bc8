package dev.portage.databricks;

import com.databricks.sdk.service.jobs.BaseRun;
import com.databricks.sdk.service.jobs.JobParameter;
import com.databricks.sdk.service.jobs.ListRunsRequest;
import com.databricks.sdk.service.jobs.ListRunsResponse;
import com.databricks.sdk.service.jobs.RunParameters;
import com.databricks.sdk.service.jobs.TriggerType;
import dev.portage.job.OthersQuery;
import dev.portage.job.OthersRun;
import dev.portage.job.RunRef;
import dev.portage.settings.ScoringValues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Active runs of a job that another promotion started. A run's own parameters name its promotion;
 * runs started by the job's schedule or by a person name none.
 */
final class OthersRuns {
  private static final long PAGE = 25;

  /** The id of a promotion's workflow; a batch has the workspace behind it. */
  private static final Pattern PROMOTION =
      Pattern.compile("promotion/[^/\\s]+/[0-9a-z]+(/[0-9]+)?");

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

  /**
   * Which promotion started a run of a job; null if none did. A team's file may pass the promotion
   * by any name, so that a value counts by its form as well.
   */
  static @Nullable String promotionOf(BaseRun run) {
    List<Map.Entry<String, String>> given = new ArrayList<>();
    // A run has every parameter of its job, overridden or not, and that of the schedule has the
    // promotion that made the job.
    boolean isOrdered = run.getTrigger() == null || run.getTrigger() == TriggerType.ONE_TIME;
    if (isOrdered && run.getJobParameters() != null) {
      for (JobParameter parameter : run.getJobParameters()) {
        add(given, parameter.getName(), parameter.getValue());
      }
    }
    RunParameters overriding = run.getOverridingParameters();
    if (overriding != null) {
      named(given, overriding.getNotebookParams());
      named(given, overriding.getPythonNamedParams());
      words(given, overriding.getPythonParams());
    }
    return given.stream()
        .filter(one -> one.getKey().equals(ScoringValues.PROMOTION))
        .findFirst()
        .or(() ->
            given.stream().filter(one -> PROMOTION.matcher(one.getValue()).matches()).findFirst())
        .map(Map.Entry::getValue)
        .orElse(null);
  }

  private static void named(
      List<Map.Entry<String, String>> given, @Nullable Map<String, String> parameters) {
    if (parameters != null) {
      parameters.forEach((name, value) -> add(given, name, value));
    }
  }

  /** Ours comes last: a person's own arguments come before it. */
  private static void words(
      List<Map.Entry<String, String>> given, @Nullable Collection<String> line) {
    if (line == null) {
      return;
    }
    for (String word : List.copyOf(line).reversed()) {
      int equals = word.indexOf('=');
      boolean isOption = word.startsWith("--") && equals > 2;
      add(
          given,
          isOption ? word.substring(2, equals) : "",
          word.substring(isOption ? equals + 1 : 0));
    }
  }

  private static void add(
      List<Map.Entry<String, String>> given, @Nullable String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      given.add(Map.entry(name == null ? "" : name, value));
    }
  }
}
