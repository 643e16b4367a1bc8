package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.settings.Settings;
import dev.portage.settings.SettingsActivities;
import dev.portage.settings.Station;
import dev.portage.step.Made;
import dev.portage.step.StepRunner;
import dev.portage.temporal.Queues;
import java.time.Duration;

/** Step {@code prepare}: what to do, and whether it was already done before Temporal forgot. */
final class Preparation {

  private static final Duration TIMEOUT = Duration.ofHours(1);

  private Preparation() {}

  static Settings run(PromotionStart start, StepRunner steps, PromotionProgress progress) {
    return steps.resumable(
        StepNames.PREPARE,
        Settings.class,
        "the platform file",
        attempt -> {
          Settings settings =
              Stubs.here(
                      SettingsActivities.class,
                      TIMEOUT,
                      "merge " + start.fileName() + " with the platform's policy")
                  .settings(start.settingsOrder());
          progress.settings(settings);
          refuseWhatIsDone(start, settings, progress);
          return Made.of(settings, describe(settings));
        });
  }

  private static void refuseWhatIsDone(
      PromotionStart start, Settings settings, PromotionProgress progress) {
    Station last = settings.path().getLast();
    RegistryActivities registry =
        Stubs.quick(
            RegistryActivities.class,
            Queues.of(last.workspace()),
            settings.retryTimeout(),
            "check for an earlier release");
    for (ModelVersion version :
        registry.versionsOf(
            new PromotionQuery(last.workspace(), last.model(), start.workflowId()))) {
      if (ReleasedBefore.isRecorded(version, start.workflowId(), settings.retryTimeout())) {
        progress.steps().done(StepNames.PREPARE, "nothing to do: already released", null);
        throw new PromotionEnd(
            PromotionState.RELEASED,
            Problem.of(
                FailureKind.FATAL,
                "promotion " + start.workflowId(),
                "workspace " + last.workspace(),
                "it was already released, as version " + version.version() + " of " + last.model(),
                "To repeat it: " + Repeat.of(start)));
      }
    }
  }

  private static String describe(Settings settings) {
    return String.join(" → ", settings.path().stream().map(Station::workspace).toList())
        + ", "
        + settings.values().size()
        + " effective settings";
  }
}
