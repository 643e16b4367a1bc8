package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import dev.portage.trigger.Trigger;
import dev.portage.trigger.TriggerActivities;
import dev.portage.trigger.TriggerQuery;
import dev.portage.trigger.TriggerRefusal;
import dev.portage.trigger.Triggers;
import java.util.List;

/**
 * What a promotion would start elsewhere. What nobody has allowed stops it before it does what
 * would start that: in the first workspace before it registers; in a target before anyone is asked,
 * before it registers, and under the turn.
 */
final class TriggerLook {

  private final Journey journey;
  private final Station where;

  TriggerLook(Journey journey, Station where) {
    this.journey = journey;
    this.where = where;
  }

  /**
   * Looks in the first workspace, and refuses what is not allowed.
   *
   * @throws dev.portage.step.StepFailure if something would start that nobody has allowed
   */
  Triggers requireOfOrigin(String step) {
    return require(step, TriggerQuery.ofOrigin(where, journey.start().version() == null));
  }

  /**
   * Looks in a target, and refuses what is not allowed.
   *
   * @param step the step that looks
   * @throws dev.portage.step.StepFailure if something would start that nobody has allowed
   */
  Triggers require(String step) {
    return require(step, TriggerQuery.ofTarget(where));
  }

  /**
   * Looks again under the turn. A version is registered by then: what that started has started.
   *
   * @param decided what was found before
   * @throws dev.portage.step.StepFailure if the champion's move would start something that nobody
   *     has allowed
   */
  Triggers requireAgain(String step, Triggers decided) {
    return decided.withThoseOfTheChampion(require(step, TriggerQuery.ofTheChampion(where)));
  }

  private Triggers require(String step, TriggerQuery query) {
    Triggers triggers =
        Stubs.searching(
                TriggerActivities.class,
                Queues.of(where.workspace()),
                journey.settings().retryTimeout(),
                "what starts when " + where.model() + " changes")
            .findTriggers(query);
    List<Trigger> refused = triggers.refused();
    if (!refused.isEmpty()) {
      throw Journey.userFailure(
          step,
          "look for what starts elsewhere when " + where.model() + " changes",
          where.workspace(),
          TriggerRefusal.cameBack(refused, where.model()),
          TriggerRefusal.remedy(refused, where.workspace())
              + " Then: portage resume "
              + journey.id(),
          false);
    }
    return triggers;
  }
}
