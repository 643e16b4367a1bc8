package dev.portage.databricks;

import com.databricks.sdk.service.jobs.QueueSettings;
import com.databricks.sdk.service.jobs.RunNow;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.Nearest;
import dev.portage.failure.FailureKind;
import dev.portage.job.JobState;
import dev.portage.job.TeamJobRunOrder;
import dev.portage.text.Bounded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Jobs that a team has in a workspace. Portage reads and runs them, and never changes them. */
final class TeamJobs {
  private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

  /** Where to look for a name similar to a missing one. */
  private static final int MOST_PAGES = 5;

  private static final int MOST_NAMED = 10;

  private final DatabricksApi api;
  private final String correct;
  private final StoredJobs jobs;

  /** Those that a file names. */
  TeamJobs(DatabricksApi api) {
    this(api, "Correct it in promotion.yaml");
  }

  /**
   * Those that someone names.
   *
   * @param correct where to correct a wrong name, such as "Correct --job"
   */
  TeamJobs(DatabricksApi api, String correct) {
    this.api = api;
    this.correct = correct;
    this.jobs = new StoredJobs(api);
  }

  /**
   * The one job of that name or id. That there is none, or that two have the name, is a user's
   * failure.
   */
  StoredJob one(String job) {
    String tried = "find job " + job;
    if (ID.matcher(job).matches()) {
      return switch (jobs.look(tried, Long.parseLong(job))) {
        case StoredJobs.There(StoredJob there) -> there;
        case StoredJobs.Gone() -> throw missing(tried, "id");
        case StoredJobs.GoneOrHidden hidden -> throw hidden(tried, job, hidden.said());
      };
    }
    List<StoredJob> named = jobs.named(job);
    if (named.isEmpty()) {
      throw missing(tried, job);
    }
    if (named.size() > 1) {
      List<String> ids = named.stream().map(one -> Long.toString(one.id())).toList();
      throw jobs.failure(
          FailureKind.USER,
          tried,
          "jobs " + Bounded.listed(ids, " and ", MOST_NAMED) + " all have that name",
          "Use the id of the right one, as in job: " + ids.getLast() + ".");
    }
    return named.getFirst();
  }

  private RuntimeException missing(String tried, String name) {
    boolean byId = name.equals("id");
    Optional<String> near =
        byId
            ? Optional.empty()
            : Nearest.find(
                name,
                jobs.newest(tried, MOST_PAGES).stream().map(StoredJobs.Listed::name).toList());
    return jobs.failure(
        FailureKind.USER,
        tried,
        "there is no job with that " + (byId ? "id" : "name") + " that the login can see",
        near.map(other -> "Did you mean \"" + other + "\"? ").orElse("")
            + correct
            + "; databricks jobs list shows the existing ones.");
  }

  /** Running it, and reading it before that, needs only the permission to run it. */
  private RuntimeException hidden(String tried, String id, String said) {
    return jobs.failure(
        FailureKind.USER,
        tried,
        "there is no job with that id, or it is hidden from the login: " + said,
        correct
            + "; or someone who manages the job can grant the permission: "
            + api.grant(Guarded.runOf(id)));
  }

  /** The job as approvers see it. */
  JobState state(String named) {
    StoredJob job = one(named);
    List<String> remarks = new ArrayList<>();
    remarks.add(code(job));
    String keeper = job.keeper();
    if (keeper != null) {
      remarks.add(keeper + ", which keeps its settings: parameters alone go in");
    }
    return JobState.of(
            job.id(), job.settings().path("name").asText(), SettingsJson.hash(job.settings()))
        .scores(null, commit(job))
        .page(RunReader.pageOf(api.page("/jobs/" + job.id())))
        .runAs(job.runAs())
        .remarks(remarks)
        .code(ScoringCode.of(api, job.settings()))
        .build();
  }

  /** The commit that it always runs, null where it runs a branch or none that is known. */
  static @Nullable String commit(StoredJob job) {
    return job.settings().path("git_source").path("git_commit").textValue();
  }

  /** Where its code comes from, for people. */
  static String code(StoredJob job) {
    JsonNode git = job.settings().path("git_source");
    String url = Bounded.line(git.path("git_url").asText(), Bounded.NAME);
    if (url.isEmpty()) {
      return "which commit it runs is not known: it has no Git source";
    }
    for (String kind : List.of("commit", "tag", "branch")) {
      String name = git.path("git_" + kind).asText();
      if (!name.isEmpty()) {
        return "runs " + kind + " " + Bounded.line(name, Bounded.NAME) + " of " + url;
      }
    }
    return "runs the default branch of " + url;
  }

  /**
   * The values of a run: required ones, all of which the job must accept, and optional ones, which
   * are passed if it accepts them.
   */
  Map<String, String> given(StoredJob job, TeamJobRunOrder order) {
    JobTakes takes = JobTakes.of(job.settings());
    for (String name : order.parameters().keySet()) {
      if (!takes.names().contains(name) && !takes.mayTakeOthers()) {
        throw jobs.failure(
            FailureKind.USER,
            "run job " + order.job(),
            "job " + job.id() + " takes no parameter " + name + "; it takes " + list(takes),
            "Correct the parameters in promotion.yaml, or add a job parameter with that name.");
      }
    }
    List<String> required = Objects.requireNonNullElse(order.required(), List.of());
    for (String name : required) {
      if (!takes.names().contains(name)) {
        throw jobs.failure(
            FailureKind.USER,
            "run job " + order.job(),
            "job "
                + job.id()
                + " is not known to take a parameter "
                + name
                + "; it takes "
                + list(takes),
            "Add a job parameter with that name.");
      }
    }
    Map<String, String> given = new TreeMap<>(order.parameters());
    order
        .offered()
        .forEach((name, value) -> {
          // A person's names can't override the values that identify the rows.
          if (takes.names().contains(name) || takes.mayTakeOthers()) {
            given.put(name, value);
          }
        });
    return given;
  }

  /** The names that a job takes, for people. */
  static String list(JobTakes takes) {
    return takes.names().isEmpty()
        ? "none by name"
        : Bounded.listed(takes.names().stream().sorted().toList(), ", ", MOST_NAMED);
  }

  /** The order to run the job. */
  RunNow runNow(TeamJobRunOrder order) {
    StoredJob job = one(order.job());
    RunNow run =
        new RunNow()
            .setJobId(job.id())
            .setQueue(new QueueSettings().setEnabled(true))
            .setIdempotencyToken(IdempotencyToken.of(order.key()));
    Map<String, String> given = given(job, order);
    if (!given.isEmpty()) {
      JobTakes.of(job.settings()).give(run, given);
    }
    return run;
  }
}
