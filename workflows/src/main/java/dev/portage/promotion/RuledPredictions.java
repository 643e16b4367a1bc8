package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.registry.Champion;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.scoring.RulesChecked;
import dev.portage.scoring.RulesQuery;
import dev.portage.scoring.ScoringActivities;
import dev.portage.scoring.StagingOrder;
import dev.portage.scoring.StagingTable;
import dev.portage.settings.PredictionRules;
import dev.portage.settings.ScoringValues;
import dev.portage.settings.Station;
import dev.portage.step.Attempt;
import dev.portage.temporal.Queues;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks predictions against the rules of {@code promotion.yaml}, in a rehearsal as in a target.
 * Where a rule limits drift, the champion first scores the same batch, by the same code and into a
 * table of its own, which is dropped afterwards.
 */
final class RuledPredictions {

  /** A classic SQL warehouse that was asleep takes minutes before it answers. */
  private static final Duration WAREHOUSE_START = Duration.ofMinutes(15);

  private static final String OF_CHAMPION = "/champion";

  private final Journey journey;
  private final Station station;
  private final String model;
  private final String live;
  private final Attempt attempt;

  /** Scores with other values than the candidate's, and waits for the end. */
  interface Run {
    /**
     * Scores.
     *
     * @param key key of the run
     * @param table table that it writes
     * @param values what it is given, by the names in {@link ScoringValues}
     * @return why it could not be started; null when it scored
     * @throws EndedRun when it ended otherwise than with success
     */
    @Nullable String score(String key, String table, Map<String, String> values);

    /** Why the champion can't score, known beforehand; null where it can. */
    default @Nullable String impossible() {
      return null;
    }

    /** No run: the champion can't score. */
    static Run impossible(String why) {
      return new Run() {
        @Override
        public @Nullable String score(String key, String table, Map<String, String> values) {
          return why;
        }

        @Override
        public String impossible() {
          return why;
        }
      };
    }
  }

  /**
   * Rules at one workspace.
   *
   * @param model full name of the registered model there
   * @param live full name of the table that readers see
   */
  RuledPredictions(Journey journey, Station station, String model, String live, Attempt attempt) {
    this.journey = journey;
    this.station = station;
    this.model = model;
    this.live = live;
    this.attempt = attempt;
  }

  /**
   * Checks the candidate's predictions.
   *
   * @param own the candidate's rows
   * @param run scores with the champion
   */
  RulesChecked check(PredictionRules rules, RulesQuery.Rows own, Run run) {
    if (!rules.compareWithTheChampion()) {
      return ask(rules, own, null, null);
    }
    Optional<Champion> champion = champion();
    String version = champion.isEmpty() ? null : champion.get().version().version();
    return version == null || version.equals(own.version())
        ? ask(rules, own, null, null)
        : compared(rules, own, version, run);
  }

  private RulesChecked compared(
      PredictionRules rules, RulesQuery.Rows own, String version, Run run) {
    String impossible = run.impossible();
    if (impossible != null) {
      return ask(rules, own, null, notScored(version, impossible));
    }
    String key = attempt.key() + StagingTable.OF_CHAMPION;
    String table = StagingTable.of(live, journey.start().key(), key);
    String batch = own.batchId() + OF_CHAMPION;
    try {
      scoring("prepare table " + table)
          .prepareStaging(
              new StagingOrder(
                  station.workspace(),
                  live,
                  table,
                  false,
                  journey.turns().inHand(),
                  journey.id(),
                  null));
      String refused =
          run.score(
              key,
              table,
              Map.of(
                  ScoringValues.MODEL_URI, "models:/" + model + "/" + version,
                  ScoringValues.MODEL_VERSION, version,
                  ScoringValues.TABLE, table,
                  ScoringValues.BATCH, batch,
                  ScoringValues.PROMOTION, journey.id()));
      return refused == null
          ? ask(rules, own, new RulesQuery.Rows(table, batch, version), null)
          : ask(rules, own, null, notScored(version, refused));
    } catch (EndedRun ended) {
      return ask(rules, own, null, notScored(version, ended.problem().cameBack()));
    } finally {
      Workflow.newDetachedCancellationScope(
              () -> Publication.dropped(journey, station.workspace(), table))
          .run();
    }
  }

  private static String notScored(String version, String why) {
    return "champion "
        + version
        + " could not score the batch: "
        + why.lines().findFirst().orElse("no reason was given");
  }

  private Optional<Champion> champion() {
    return Stubs.quick(
            RegistryActivities.class,
            Queues.of(station.workspace()),
            journey.settings().retryTimeout(),
            "the champion that the predictions are compared with")
        .champion(new ModelQuery(station.workspace(), model, station.marking()));
  }

  private RulesChecked ask(
      PredictionRules rules,
      RulesQuery.Rows own,
      RulesQuery.@Nullable Rows champion,
      @Nullable String failed) {
    return scoring("check the predictions against the rules")
        .checkPredictions(new RulesQuery(station.workspace(), own, rules, live, champion, failed));
  }

  private ScoringActivities scoring(String summary) {
    return Stubs.statement(
        ScoringActivities.class, Queues.of(station.workspace()), WAREHOUSE_START, summary);
  }
}
