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

/** What a hop would start elsewhere. What nobody has allowed stops it, before anyone is asked. */
final class TriggerLook {

  private final Journey journey;
  private final Station target;

  TriggerLook(Journey journey, Station target) {
    this.journey = journey;
    this.target = target;
  }

  /**
   * Looks, and refuses what is not allowed.
   *
   * @param step the step that looks
   * @throws dev.portage.step.StepFailure if something would start that nobody has allowed
   */
  Triggers require(String step) {
    return refuse(step, look());
  }

  /**
   * Looks again under the turn. A version is registered by then: what that started has started.
   *
   * @param decided what was found before
   * @throws dev.portage.step.StepFailure if the champion's move would start something that nobody
   *     has allowed
   */
  Triggers requireAgain(String step, Triggers decided) {
    return decided.withThoseOfTheChampion(refuse(step, look().ofTheChampion()));
  }

  private Triggers look() {
    return Stubs.quick(
            TriggerActivities.class,
            Queues.of(target.workspace()),
            journey.settings().retryTimeout(),
            "what starts when " + target.model() + " changes")
        .findTriggers(new TriggerQuery(target.workspace(), target.model(), target.marking()));
  }

  private Triggers refuse(String step, Triggers triggers) {
    List<Trigger> refused = triggers.refused();
    if (!refused.isEmpty()) {
      throw Journey.userFailure(
          step,
          "look for what starts elsewhere when " + target.model() + " changes",
          target.workspace(),
          TriggerRefusal.cameBack(refused, target.model()),
          TriggerRefusal.remedy(refused, target.workspace())
              + " Then: portage resume "
              + journey.id(),
          false);
    }
    return triggers;
  }
}
