package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.identity.Makers;
import dev.portage.job.NotebookOrder;
import dev.portage.job.RunResult;
import dev.portage.job.Source;
import dev.portage.job.TeamJobRunOrder;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.VersionQuery;
import dev.portage.settings.Numbers;
import dev.portage.settings.Station;
import dev.portage.settings.Work;
import dev.portage.step.Attempt;
import dev.portage.step.Made;
import dev.portage.tracking.Making;
import dev.portage.tracking.RunLabels;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrackingActivities;
import dev.portage.tracking.TrainedRun;
import dev.portage.versioncopy.StandIn;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Steps {@code check} and {@code train}, or finding a model that was trained elsewhere. */
final class Training {
  private static final int METRICS_SHOWN = 4;

  private final Journey journey;
  private final Station origin;

  Training(Journey journey) {
    this.journey = journey;
    this.origin = journey.settings().first();
  }

  /** The commit's own test notebook, before training is paid for. */
  void check() {
    Work check = journey.settings().check();
    if (check == null || isTrainedElsewhere()) {
      journey
          .progress()
          .steps()
          .skipped(StepNames.CHECK, check == null ? "no check in the file" : "trained elsewhere");
      return;
    }
    journey
        .steps()
        .resumable(
            StepNames.CHECK,
            RunResult.class,
            origin.workspace(),
            attempt -> {
              RunResult result = runOnce(StepNames.CHECK, check, attempt);
              return new Made<>(result, check.named() + " passed", result.page());
            });
  }

  /** The commit's training notebook, or the run that is known already. */
  TrainedRun train() {
    return journey
        .steps()
        .resumable(
            StepNames.TRAIN,
            TrainedRun.class,
            origin.workspace(),
            attempt -> {
              TrainedRun trained = isTrainedElsewhere() ? find() : trainOnce(attempt);
              journey
                  .progress()
                  .outcome()
                  .leaves(
                      origin.workspace(),
                      "run " + trained.model().runId() + " in " + origin.workspace());
              return new Made<>(trained, describe(trained), trained.page());
            });
  }

  /** Who made a model that this promotion did not train itself may not approve it either. */
  void askWhoMade(TrainedRun trained) {
    PromotionStart start = journey.start();
    Making making = trained.making();
    // If the team's job names no commit, it counts as made by someone else.
    String commit =
        making != null && !making.ofJob() && journey.settings().train() instanceof Work.Job
            ? null
            : start.commit();
    if (making == null || !Makers.areAsked(making, commit)) {
      return;
    }
    Makers makers = Makers.of(making, commit, start.authorship());
    journey.desk().bar(makers.people());
    makers.gaps().forEach(journey.progress()::gap);
    if (!makers.known() && start.authorship() != null) {
      journey.desk().makersAreUnknown();
    }
  }

  private TrainedRun find() {
    String version = journey.start().version();
    if (version != null) {
      return withRun(
          registry("find the run behind version " + version)
              .runOf(
                  new VersionQuery(
                      origin.workspace(), origin.model(), version, journey.gatedMetrics())));
    }
    return label(
        tracking("run " + journey.start().runId())
            .findRun(
                new RunSearch(
                    origin.workspace(),
                    null,
                    null,
                    journey.start().runId(),
                    journey.gatedMetrics())));
  }

  private TrainedRun trainOnce(Attempt attempt) {
    // After Temporal has forgotten a promotion, what it trained is still there and is not trained
    // again.
    List<ModelVersion> earlier =
        registry("versions of this promotion")
            .versionsOf(new PromotionQuery(origin.workspace(), origin.model(), journey.id()));
    if (!earlier.isEmpty()) {
      return withRun(
          registry("find the run behind version " + earlier.getFirst().version())
              .runOf(
                  new VersionQuery(
                      origin.workspace(),
                      origin.model(),
                      earlier.getFirst().version(),
                      journey.gatedMetrics())));
    }
    Work train = journey.settings().train();
    if (train == null) {
      throw Journey.userFailure(
          StepNames.TRAIN,
          "train " + journey.start().model(),
          origin.workspace(),
          journey.start().fileName() + " does not say how to train",
          "Add train: NOTEBOOK, or start with --version or --run-id",
          false);
    }
    RunResult result = runOnce(StepNames.TRAIN, train, attempt);
    TrainedRun found =
        Stubs.searching(
                TrackingActivities.class,
                journey.originQueue(),
                journey.settings().retryTimeout(),
                "the MLflow run of job run " + result.run().runId())
            .findRun(
                new RunSearch(
                    origin.workspace(),
                    result.run(),
                    result.exitValue(),
                    null,
                    journey.gatedMetrics(),
                    journey.settings().choice()));
    return label(withRun(train instanceof Work.Job job ? madeBy(job, result, found) : found));
  }

  private TrainedRun withRun(TrainedRun found) {
    return StandIn.of(
        found, journey.originQueue(), journey.settings().retryTimeout(), journey.progress()::gap);
  }

  /** The team's job runs the commit that its own settings name, or an unknown one. */
  private TrainedRun madeBy(Work.Job job, RunResult result, TrainedRun found) {
    String used = result.usedCommit();
    Making making =
        Objects.requireNonNullElse(found.making(), new Making(List.of(), List.of(), true));
    if (used == null) {
      journey
          .progress()
          .gap(
              "the commit that "
                  + job.named()
                  + " trained from is unknown: the job has no Git source");
      return found.made(new Making(making.commits(), making.users(), false));
    }
    if (!used.equals(journey.start().commit())) {
      journey
          .progress()
          .gap(job.named() + " trained from commit " + used + ", not from this promotion's");
    }
    return found.made(making.with(List.of(used)));
  }

  private TrainedRun label(TrainedRun run) {
    tracking("label run " + run.model().runId())
        .labelRun(new RunLabels(origin.workspace(), run.model().runId(), journey.tags()));
    return run;
  }

  private RunResult runOnce(String step, Work work, Attempt attempt) {
    NotebookRuns runs = new NotebookRuns(journey, step, origin.workspace());
    if (work instanceof Work.Job job) {
      TeamJobRunOrder order =
          new TeamJobRunOrder(
              origin.workspace(), job.job(), attempt.key(), job.parameters(), Map.of(), null);
      return runs.runTheirs(
          "run " + job.named() + ", attempt " + attempt.number(),
          jobs -> jobs.runTheirJob(order),
          job);
    }
    Source source = journey.source(step, work.named(), origin);
    NotebookOrder order =
        NotebookOrder.of(
            origin.workspace(),
            attempt.key(),
            journey.start().model() + " " + step,
            source,
            work,
            journey.tags());
    return runs.run(
        "start " + work.named() + ", attempt " + attempt.number(),
        jobs -> jobs.submitNotebook(order),
        work,
        source.commit());
  }

  private boolean isTrainedElsewhere() {
    return journey.start().version() != null || journey.start().runId() != null;
  }

  private TrackingActivities tracking(String summary) {
    return Stubs.quick(
        TrackingActivities.class,
        journey.originQueue(),
        journey.settings().retryTimeout(),
        summary);
  }

  private RegistryActivities registry(String summary) {
    return Stubs.quick(
        RegistryActivities.class,
        journey.originQueue(),
        journey.settings().retryTimeout(),
        summary);
  }

  /** Those metrics that gates look at come first. */
  private String describe(TrainedRun run) {
    List<String> gated = journey.gatedMetrics();
    List<Map.Entry<String, Double>> metrics =
        run.metrics().entrySet().stream()
            .sorted(
                Comparator.comparing(
                        (Map.Entry<String, Double> metric) -> !gated.contains(metric.getKey()))
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    String shown =
        metrics.stream()
            .limit(METRICS_SHOWN)
            .map(metric -> metric.getKey() + " " + Numbers.text(metric.getValue()))
            .collect(Collectors.joining(", "));
    int others = run.otherMetrics() == null ? 0 : run.otherMetrics();
    int more = Math.max(0, metrics.size() - METRICS_SHOWN) + others;
    return "run "
        + run.model().runId()
        + (shown.isEmpty() ? "" : "  " + shown)
        + (more == 0 ? "" : String.format(Locale.ROOT, ", and %,d more metrics", more));
  }
}
