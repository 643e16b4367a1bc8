package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portage.copy.Verify;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import dev.portage.registry.Marking;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.EffectiveValue;
import dev.portage.settings.Identity;
import dev.portage.settings.ListedPerson;
import dev.portage.settings.RehearsalSettings;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.settings.Station.Capability;
import dev.portage.settings.Threshold;
import dev.portage.settings.Work;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in force, of a platform file and a promotion file. */
class EffectiveSettingsTest extends SettingsOfFiles {
  @Test
  void settingsInNeitherFileHaveADefault() {
    Settings settings = settings(PLATFORM, FILE, FILES);

    assertThat(settings.path())
        .containsExactly(
            new Station(
                "dev", "databricks", EnumSet.allOf(Capability.class), "diabetes", Marking.STAGES),
            new Station(
                "prod",
                "databricks",
                EnumSet.allOf(Capability.class),
                "diabetes",
                Marking.ALIASES));
    assertThat(settings.experiment()).isEqualTo("/Shared/diabetes");
    assertThat(settings.check())
        .isEqualTo(new Work.Notebook("notebooks/check.py", Map.of(), Duration.ofHours(1)));
    assertThat(settings.train())
        .isEqualTo(new Work.Notebook("notebooks/train.py", Map.of(), Duration.ofHours(12)));
    assertThat(settings.thresholds())
        .containsExactly(new Threshold("rmse", Threshold.Direction.AT_MOST, 60, 0));
    assertThat(settings.batch())
        .isEqualTo(
            new BatchSettings(
                "diabetes-batch",
                "notebooks/score.py",
                "diabetes_predictions",
                Map.of(),
                null,
                "UTC",
                Duration.ofHours(12)));
    assertThat(settings.approvals())
        .isEqualTo(
            Map.of(
                "prod",
                new ApprovalPolicy(
                    "all",
                    List.of("owners"),
                    Map.of("owners", List.of("ana@example.com")),
                    Duration.ofDays(14),
                    List.of(new ListedPerson(List.of("ana@example.com"), List.of("owners"))))));
    assertThat(settings.identity()).isEqualTo(Identity.CLAIMED);
    assertThat(settings.retryTimeout()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void whoIsToldAndWhoElseMayDecideIsInForceWithoutAnySecret() {
    Settings settings =
        settings(
            PLATFORM
                    .replace("approve: [owners]", "approve: [owners], escalate-to: heads")
                    .replace("[ana@example.com] }", "[ana@example.com], heads: cleo@example.com }")
                + """
                notify:
                  team: { format: teams, url: "env:TEAM_URL", on: [asked, released], models: "dia*" }
                  others: { format: slack, url: "env:OTHER_URL", models: churn }
                """,
            FILE,
            FILES);
    assertThat(settings.receivers())
        .containsExactly(
            new NoticeReceiver("team", List.of(NoticeKind.ASKED, NoticeKind.RELEASED)));
    ApprovalPolicy policy = Objects.requireNonNull(settings.approvals().get("prod"));
    assertThat(policy.escalateTo()).containsExactly("heads");
    assertThat(policy.members()).containsEntry("heads", List.of("cleo@example.com"));
    assertThat(settings.values())
        .extracting(EffectiveValue::name, EffectiveValue::value)
        .contains(
            tuple("notify.team", "teams: asked, released"),
            tuple("escalate-to", "heads, from half of the time on"),
            tuple("groups.heads", "cleo@example.com"));
    assertThat(settings.toString()).doesNotContain("TEAM_URL");
  }

  @Test
  @Tag("S1.33")
  void everyValueInForceIsListedWithItsOrigin() {
    assertThat(settings(PLATFORM, FILE, FILES).values())
        .containsExactly(
            new EffectiveValue("model", "diabetes", "promotion.yaml:1"),
            new EffectiveValue("check", "notebooks/check.py", "promotion.yaml:2"),
            new EffectiveValue("train", "notebooks/train.py", "promotion.yaml:3"),
            new EffectiveValue("gates.rmse", "<= 60", "promotion.yaml:5"),
            new EffectiveValue("batch.notebook", "notebooks/score.py", "promotion.yaml:7"),
            new EffectiveValue("batch.table", "diabetes_predictions", "promotion.yaml:8"),
            new EffectiveValue("path", "dev → prod", "portage.yaml:5"),
            new EffectiveValue("dev.kind", "databricks", "default"),
            new EffectiveValue("dev.model", "diabetes", "default"),
            new EffectiveValue("dev.marking", "stages", "default"),
            new EffectiveValue("dev.pool", "ml-small", "portage.yaml:2"),
            new EffectiveValue("prod.kind", "databricks", "default"),
            new EffectiveValue("prod.model", "diabetes", "default"),
            new EffectiveValue("prod.marking", "aliases", "portage.yaml:4"),
            new EffectiveValue("prod.pool", "ml-large", "portage.yaml:4"),
            new EffectiveValue("experiment", "/Shared/diabetes", "default"),
            new EffectiveValue("check.timeout", "1h", "default"),
            new EffectiveValue("train.timeout", "12h", "default"),
            new EffectiveValue("batch.job", "diabetes-batch", "default"),
            new EffectiveValue("batch.timezone", "UTC", "default"),
            new EffectiveValue("batch.timeout", "12h", "default"),
            new EffectiveValue("batch.verify", "rows", "default"),
            new EffectiveValue("rehearse", "if workspace dev can run the scoring", "default"),
            new EffectiveValue("dev.table", "diabetes_predictions", "default"),
            new EffectiveValue("prod.verify", "full", "default"),
            new EffectiveValue("concurrency", "supersede", "default"),
            new EffectiveValue("tier", "all", "portage.yaml:7"),
            new EffectiveValue("approve", "owners", "portage.yaml:7"),
            new EffectiveValue("groups.owners", "ana@example.com", "portage.yaml:9"),
            new EffectiveValue("expires", "14d", "default"),
            new EffectiveValue("break-glass", "1h", "default"),
            new EffectiveValue("identity", "claimed", "portage.yaml:8"));
  }

  @Test
  void scoringIsRehearsedInASeparateTableUnlessTheFileSaysNo() {
    String platform = PLATFORM.replace("pool: ml-small", "tables: \"dev.ml.{table}\"");
    assertThat(settings(platform, FILE, FILES).rehearsal())
        .isEqualTo(new RehearsalSettings("dev.ml.diabetes_predictions", null, false));
    assertThat(settings(platform, FILE + "rehearse: true\n", FILES).rehearsal())
        .isEqualTo(new RehearsalSettings("dev.ml.diabetes_predictions", null, true));
    assertThat(settings(platform, FILE + "rehearse: false\n", FILES).rehearsal())
        .extracting(RehearsalSettings::whyNot)
        .isEqualTo("promotion.yaml:9 says rehearse: false");
  }

  @Test
  void aFileThatDemandsARehearsalIsRefusedIfTheFirstWorkspaceCannotScore() {
    String platform =
        """
        workspaces:
          dev:  { mlflow: "http://127.0.0.1:5001" }
          prod: { host: "http://127.0.0.1:1003", token: "file:prod.token" }
        identity: claimed
        """;
    String file = "model: churn\nbatch: s.py\n";
    assertThat(settings(platform, file, List.of()).rehearsal())
        .extracting(RehearsalSettings::whyNot)
        .isEqualTo("workspace dev is of kind mlflow and runs no jobs");
    assertThat(problem(platform, file + "rehearse: true\n", List.of()).cameBack())
        .contains("rehearse can't be done in workspace dev");
    assertThat(
            problem(platform, file + "gates: { a: '>= 1' }\nevaluate: e.py\n", List.of())
                .cameBack())
        .contains("evaluate can't be done in workspace dev");
  }

  @Test
  @Tag("S1.33")
  void settingsInTheFilesWin() {
    String platform =
        PLATFORM.replace(
            "marking: aliases",
            "models: \"p.ml.{model}\", tables: \"p.ml.{table}\", experiments: \"/M/{model}\"");
    String file =
        """
        model: churn
        train: { notebook: t.py, parameters: { alpha: 0.5 }, timeout: PT2H }
        batch:
          notebook: s.py
          table: scores
          job: nightly
          schedule: "0 0 6 * * ?"
          timezone: Europe/Lisbon
          timeout: PT30M
          parameters: { limit: 10 }
        """;
    Settings settings = settings(platform, file, List.of());

    assertThat(settings.targets().getFirst().model()).isEqualTo("p.ml.churn");
    assertThat(settings.targets().getFirst().marking()).isEqualTo(Marking.ALIASES);
    assertThat(settings.experiment()).isEqualTo("/M/churn");
    assertThat(settings.check()).isNull();
    assertThat(settings.train())
        .isEqualTo(new Work.Notebook("t.py", Map.of("alpha", "0.5"), Duration.ofHours(2)));
    assertThat(settings.batch())
        .isEqualTo(
            new BatchSettings(
                "nightly",
                "s.py",
                "p.ml.scores",
                Map.of("limit", "10"),
                "0 0 6 * * ?",
                "Europe/Lisbon",
                Duration.ofMinutes(30)));
    assertThat(settings.values())
        .contains(
            new EffectiveValue("prod.table", "p.ml.scores", "portage.yaml:4"),
            new EffectiveValue("experiment", "/M/churn", "portage.yaml:4"),
            new EffectiveValue("train.timeout", "PT2H", "promotion.yaml:2"),
            new EffectiveValue("batch.timezone", "Europe/Lisbon", "promotion.yaml:8"));
  }

  @Test
  @Tag("S3.07")
  void aValueIsThePromotionsElseThePlatformsElseTheDefault() {
    String platform =
        PLATFORM.replace("marking: aliases", "marking: aliases, experiments: \"/M/{model}\"");
    String file = "model: churn\n";

    assertThat(experiment(settings(PLATFORM, file, List.of())))
        .isEqualTo(new EffectiveValue("experiment", "/Shared/churn", "default"));
    assertThat(experiment(settings(platform, file, List.of())))
        .isEqualTo(new EffectiveValue("experiment", "/M/churn", "portage.yaml:4"));
    assertThat(experiment(settings(platform, file + "experiment: /Own/churn\n", List.of())))
        .isEqualTo(new EffectiveValue("experiment", "/Own/churn", "promotion.yaml:2"));
  }

  private static EffectiveValue experiment(Settings settings) {
    return settings.values().stream()
        .filter(value -> value.name().equals("experiment"))
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  @Test
  void aRegisteredModelOfAnotherNameIsPromotedAtTheStricterOfItsTwoTiers() {
    String platform =
        PLATFORM
            .replace("all: {", "high: { models: [\"Churn Model\"], approve: [risk] }\n  all: {")
            .replace(
                "owners: [ana@example.com]", "owners: [ana@example.com], risk: [bo@example.com]");

    Settings settings = settings(platform, "model: churn\nregistered-as: churn MODEL\n", List.of());

    assertThat(settings.model()).isEqualTo("churn");
    assertThat(settings.path()).extracting(Station::model).containsOnly("churn MODEL");
    assertThat(settings.approvals().get("prod")).extracting(ApprovalPolicy::tier).isEqualTo("high");
  }

  @Test
  void aCatalogAndASchemaHaveNoUpperCaseEither() {
    String platform = PLATFORM.replace("marking: aliases", "models: \"Prod.ML.{model}\"");

    assertThat(settings(platform, "model: churn\n", List.of()).path())
        .extracting(Station::model)
        .as("else the versions that the catalog lists by its own name are taken for another's")
        .containsExactly("churn", "prod.ml.churn");
  }

  @Test
  void aFileMayGoThroughMoreWorkspacesThanThePlatformAsksFor() {
    Settings settings = settings(PLATFORM, FILE + "path: [dev, qa, prod]\n", FILES);

    assertThat(settings.path()).extracting(Station::workspace).containsExactly("dev", "qa", "prod");
    assertThat(settings.approvals()).containsOnlyKeys("qa", "prod");
    assertThat(settings.values())
        .contains(new EffectiveValue("path", "dev → qa → prod", "promotion.yaml:9"));
  }

  @Test
  void noSecretAndNoHostIsInTheSettings() {
    assertThat(settings(PLATFORM, FILE, FILES).toString()).doesNotContain("token", "127.0.0.1");
  }

  @Test
  void copiesAreReadBackUnlessOneFileSaysLessAndNoneDemandsIt() {
    String sizes = FILE + "verify: sizes\n";
    String loose = PLATFORM.replace("marking: aliases", "marking: aliases, verify: sizes");

    assertThat(settings(PLATFORM, FILE, FILES).verifyOf("prod")).isEqualTo(Verify.FULL);
    assertThat(settings(PLATFORM, sizes, FILES).verifyOf("prod")).isEqualTo(Verify.SIZES);
    assertThat(settings(loose, FILE, FILES).verifyOf("prod")).isEqualTo(Verify.SIZES);
    assertThat(settings(loose, FILE + "verify: full\n", FILES).verifyOf("prod"))
        .isEqualTo(Verify.FULL);
    assertThat(settings(PLATFORM, sizes, FILES).values())
        .contains(new EffectiveValue("prod.verify", "sizes", "promotion.yaml:9"));
  }

  @Test
  void eachTargetHasTheNamesOfItsOwnPatterns() {
    String platform =
        PLATFORM.replace(
            "marking: aliases",
            "tables: \"prod.{table}\", experiments: \"/Prod/{model}\", jobs: \"{job} (live)\"");

    Settings settings = settings(platform, FILE + "path: [dev, qa, prod]\n", FILES);

    Station qa = settings.path().get(1);
    Station prod = settings.path().get(2);
    assertThat(settings.experimentAt(qa)).isEqualTo("/Shared/diabetes");
    assertThat(settings.experimentAt(prod)).isEqualTo("/Prod/diabetes");
    assertThat(settings.batchAt(qa))
        .isNotNull()
        .extracting(BatchSettings::table, BatchSettings::job)
        .containsExactly("diabetes_predictions", "diabetes-batch");
    assertThat(settings.batchAt(prod))
        .isNotNull()
        .extracting(BatchSettings::table, BatchSettings::job)
        .containsExactly("prod.diabetes_predictions", "diabetes-batch (live)");
    assertThat(settings.values())
        .contains(
            new EffectiveValue("prod.table", "prod.diabetes_predictions", "portage.yaml:4"),
            new EffectiveValue("prod.job", "diabetes-batch (live)", "portage.yaml:4"),
            new EffectiveValue("prod.experiment", "/Prod/diabetes", "portage.yaml:4"));
  }

  private static final String ONE_HOST =
      """
      workspaces:
        dev:  { host: "https://adb-1.azuredatabricks.net", models: "dev.ml.{model}" }
        qa:   { host: "https://adb-2.azuredatabricks.net", models: "qa.ml.{model}" }
        prod: { host: "https://adb-2.azuredatabricks.net/", models: "prod.ml.{model}" }
      identity: claimed
      """;

  @Test
  @Tag("S1.24")
  @Tag("S1.26")
  void twoEnvironmentsOnOneHostHaveNothingInCommon() {
    Settings settings =
        settings(ONE_HOST, FILE.replace("  table: diabetes_predictions\n", ""), FILES);

    Station qa = settings.path().get(1);
    Station prod = settings.path().get(2);
    assertThat(List.of(qa.model(), prod.model()))
        .containsExactly("qa.ml.diabetes", "prod.ml.diabetes");
    assertThat(List.of(settings.experimentAt(qa), settings.experimentAt(prod)))
        .containsExactly("/Shared/diabetes-qa", "/Shared/diabetes-prod");
    assertThat(settings.batchAt(qa))
        .isNotNull()
        .extracting(BatchSettings::table, BatchSettings::job)
        .containsExactly("qa.ml.diabetes_predictions", "diabetes-batch-qa");
    assertThat(settings.batchAt(prod))
        .isNotNull()
        .extracting(BatchSettings::table, BatchSettings::job)
        .containsExactly("prod.ml.diabetes_predictions", "diabetes-batch-prod");
  }

  @Test
  @Tag("S1.24")
  void aNameThatWouldBeTheSameInTwoEnvironmentsOfOneHostIsRefused() {
    Map<String, String> files =
        Map.of(
            "tables \"prod.ml.all\"",
            FILE.replace("table: diabetes_predictions", "table: prod.ml.all"),
            "experiments \"/Shared/one\"",
            FILE.replace("  table: diabetes_predictions\n", "") + "experiment: /Shared/one\n",
            "scoring jobs \"4711\"",
            "model: diabetes\nbatch: { job: \"4711\" }\n");
    files.forEach((name, file) ->
        assertThat(problem(ONE_HOST, file, FILES).cameBack())
            .contains("workspaces qa and prod are at one address and would both use the " + name)
            // There are no short names of experiments.
            .contains(
                name.startsWith("experiments")
                    ? "allowed: no experiment here: experiments in portage.yaml gives each"
                        + " workspace its own"
                    : "allowed: a short name, which "));
  }

  @ParameterizedTest
  @CsvSource({
    // models of dev, qa and prod, all on one host; the model; where its name is another one's
    "dev-{model}, qa-{model}, {model}, qa-churn, prod, qa",
    "dev-{model}, qa-{model}, {model}, dev-churn, prod, dev",
    "{model}, qa-{model}, prod-{model}, prod-churn, dev, prod",
    "dev-{model}, qa-{model}, {model}, churn, '', ''"
  })
  @Tag("S1.24")
  void aModelNamedAsAnotherOneIsInAnotherEnvironmentOfTheHostIsRefused(
      String dev, String qa, String prod, String model, String where, String other) {
    String platform =
        """
        workspaces:
          dev:  { host: "https://h", token: "env:T", models: "%s" }
          qa:   { host: "https://h", token: "env:T", models: "%s" }
          prod: { host: "https://h", token: "env:T", models: "%s" }
        identity: claimed
        """
            .formatted(dev, qa, prod);
    String file = "model: " + model + "\n";

    if (where.isEmpty()) {
      assertThat(settings(platform, file, FILES).path()).hasSize(3);
    } else {
      assertThat(problem(platform, file, FILES).cameBack())
          .contains(
              where
                  + " would use the registered models \""
                  + model
                  + "\", which is another model's in "
                  + other
                  + " at the same address; allowed: a name that models of "
                  + other
                  + " makes of nothing");
    }
  }
}
