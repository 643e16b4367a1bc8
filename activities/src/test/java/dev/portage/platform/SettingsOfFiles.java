package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.document.Reading;
import dev.portage.failure.Problem;
import dev.portage.settings.Settings;
import dev.portage.settings.SettingsOrder;
import io.temporal.failure.ApplicationFailure;
import java.util.List;

/** Settings, made of a platform file and a promotion file. */
abstract class SettingsOfFiles {
  static final String PLATFORM =
      """
      workspaces:
        dev:  { host: "http://127.0.0.1:1001", token: "file:dev.token", pool: ml-small }
        qa:   { host: "http://127.0.0.1:1002", token: "file:qa.token" }
        prod: { host: "http://127.0.0.1:1003", token: "file:prod.token", pool: ml-large, marking: aliases }
      path: [dev, prod]
      tiers:
        all: { models: ["diab*", churn], approve: [owners] }
      identity: claimed
      groups: { owners: [ana@example.com] }
      """;

  static final String FILE =
      """
      model: diabetes
      check: notebooks/check.py
      train: notebooks/train.py
      gates:
        rmse: "<= 60"
      batch:
        notebook: notebooks/score.py
        table: diabetes_predictions
      """;

  static final List<String> FILES =
      List.of("notebooks/check.py", "notebooks/train.py", "notebooks/score.py");

  static final String BARE_PROD =
      """
      workspaces:
        dev:  { host: "http://127.0.0.1:1001", token: "file:dev.token" }
        prod: { mlflow: "http://127.0.0.1:5002" }
      identity: claimed
      """;

  static Settings settings(String platform, String file, List<String> files) {
    return new EffectiveSettings(() -> source(platform))
        .settings(new SettingsOrder("promotion.yaml", file, files));
  }

  static Platform source(String text) {
    return switch (Platform.read("portage.yaml", text, TestKinds.ALL)) {
      case Reading.Good<Platform>(Platform platform) -> platform;
      case Reading.Wrong<Platform> wrong ->
          throw FileFault.of("portage.yaml", wrong.errors(), "Correct it on the worker's machine");
    };
  }

  static Problem problem(String platform, String file, List<String> files) {
    ApplicationFailure failure =
        catchThrowableOfType(ApplicationFailure.class, () -> settings(platform, file, files));
    assertThat(failure.isNonRetryable()).isTrue();
    return failure.getDetails().get(Problem.class);
  }
}
