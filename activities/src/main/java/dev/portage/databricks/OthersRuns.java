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
import dev.portage.lane.TurnRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Active runs of a job that another promotion started. A run's own parameters name its promotion;
 * runs started by the job's schedule or by a person name none: the settings of a job hold no
 * promotion's id in a value that a run shows.
 */
final class OthersRuns {
  private static final long PAGE = 25;

  /**
   * The id of a promotion's workflow, alone or within a text: the id of a batch has the workspace
   * behind it.
   */
  private static final Pattern PROMOTION =
      Pattern.compile(
          "(?<![\\w/.-])"
              + TurnRequest.PROMOTIONS
              + "[a-z0-9][a-z0-9_-]{0,62}/[0-9A-Za-z_-]{1,64}(/[0-9]{1,9}(?![\\w-]))?");

  /** A run that somebody ordered; all others start by themselves. */
  private static final Set<TriggerType> ORDERED = Set.of(TriggerType.ONE_TIME, TriggerType.RETRY);

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
    List<String> promotions = promotionsOf(run);
    // A list of active runs may be behind: what it shows as ended was not ended by us.
    boolean counts = !RunStates.hasEnded(run) && !promotions.contains(query.promotion());
    return id == null || promotions.isEmpty() || !counts
        ? Optional.empty()
        : Optional.of(
            new OthersRun(
                new RunRef(
                    query.workspace(), query.jobId(), id, RunReader.pageOf(run.getRunPageUrl())),
                promotions.getFirst()));
  }

  /** Which promotion started a run of a job; null if none did. */
  static @Nullable String promotionOf(BaseRun run) {
    List<String> promotions = promotionsOf(run);
    return promotions.isEmpty() ? null : promotions.getFirst();
  }

  /**
   * The promotions that the values given to a run name, under whatever names a team's job has for
   * them. A run that starts by itself has only what its job says.
   */
  private static List<String> promotionsOf(BaseRun run) {
    if (run.getTrigger() != null && !ORDERED.contains(run.getTrigger())) {
      return List.of();
    }
    List<String> values = new ArrayList<>();
    for (JobParameter parameter :
        Objects.requireNonNullElse(run.getJobParameters(), List.<JobParameter>of())) {
      // A run shows every parameter of its job, also those it was not given; a job of earlier
      // promotions has the last one's id there.
      if (!Objects.equals(parameter.getValue(), parameter.getDefault())) {
        add(parameter.getValue(), values);
      }
    }
    RunParameters given = run.getOverridingParameters();
    if (given != null) {
      for (@Nullable Map<String, String> named :
          Arrays.asList(
              given.getNotebookParams(), given.getPythonNamedParams(), given.getSqlParams())) {
        Objects.requireNonNullElse(named, Map.<String, String>of())
            .values()
            .forEach(value -> add(value, values));
      }
      for (@Nullable Collection<String> line :
          Arrays.asList(
              given.getPythonParams(), given.getJarParams(), given.getSparkSubmitParams())) {
        List<String> words = new ArrayList<>(Objects.requireNonNullElse(line, List.<String>of()));
        // Ours comes last: a person's own arguments come before it.
        words.reversed().forEach(word -> add(word, values));
      }
    }
    return values.stream()
        .flatMap(
            value -> PROMOTION.matcher(value).results().map(found -> String.valueOf(found.group())))
        .distinct()
        .toList();
  }

  private static void add(@Nullable String value, List<String> values) {
    if (value != null) {
      values.add(value);
    }
  }
}
