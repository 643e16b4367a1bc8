package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.failure.Problem;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.EffectiveValue;
import dev.portage.settings.Settings;
import dev.portage.settings.SettingsOrder;
import dev.portage.settings.Work;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A promotion whose scoring job has settings of a file. */
class JobSettingsInForceTest extends SettingsOfFiles {
  private static final String WITH_JOB =
      FILE.replace("notebook: notebooks/score.py", "settings: jobs/score.json");

  private static final String JOB =
      """
      {"name": "nightly", "timeout_seconds": 600,
       "parameters": [{"name": "uri", "default": "{model_uri}"}, {"name": "t", "default": "{table}"},
         {"name": "b", "default": "{batch_id}"}, {"name": "p", "default": "{promotion_id}"},
         {"name": "live", "default": "{model}@{alias}"}],
       "tasks": [{"task_key": "score", "notebook_task": {"notebook_path": "/Shared/score"}}]}
      """;

  @Test
  void theJobHasTheNameOfTheFileAsEachWorkspaceHasIt() {
    Settings settings =
        settings(PLATFORM.replace("marking: aliases", "marking: aliases, jobs: \"{job}-live\""));

    BatchSettings batch = Objects.requireNonNull(settings.batchAt(settings.targets().getFirst()));
    assertThat(batch.job()).isEqualTo("nightly-live");
    assertThat(batch.timeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(batch.schedule()).isNull();
    assertThat(((Work.Defined) batch.scoring()).read().at("/parameters/4/default").asText())
        .isEqualTo("diabetes@champion");
    assertThat(settings.values())
        .extracting(EffectiveValue::name)
        .contains("batch.settings", "batch.job", "batch.table", "batch.timeout")
        .doesNotContain("batch.timezone");
    assertThat(settings.rehearsal()).isNotNull();
  }

  @Test
  void settingsThatWereNotSentAreAskedFor() {
    assertThat(refused(WITH_JOB, null)).contains("jobs/score.json were not sent");
  }

  @Test
  void whatIsWrongInThemIsRefusedHereToo() {
    assertThat(
            refused(WITH_JOB, JOB.replace("\"default\": \"{table}\"", "\"default\": \"scores\"")))
        .contains("no parameter passes {table} to the scoring");
    assertThat(refused(WITH_JOB + "  job: other\n", JOB))
        .contains("the job is \"nightly\" here, and \"other\" by batch.job in promotion.yaml");
    assertThat(refused(WITH_JOB + "  schedule: 0 0 6 * * ?\n", JOB))
        .contains("batch has both schedule and settings, whose file says that");
  }

  private static Settings settings(String platform) {
    return new EffectiveSettings(() -> source(platform)).settings(order(WITH_JOB, JOB));
  }

  private static String refused(String file, @Nullable String job) {
    ApplicationFailure failure =
        catchThrowableOfType(
            ApplicationFailure.class,
            () -> new EffectiveSettings(() -> source(PLATFORM)).settings(order(file, job)));
    return failure.getDetails().get(Problem.class).cameBack();
  }

  private static SettingsOrder order(String file, @Nullable String job) {
    return new SettingsOrder("promotion.yaml", file, FILES, null, job);
  }
}
