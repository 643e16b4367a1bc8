package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.settings.Station;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a promotion file may not ask of the platform is refused with its line. */
class RefusedSettingsTest extends SettingsOfFiles {
  @Test
  void aNameThatUnityCatalogCannotUseIsRefusedWithItsLine() {
    String platform = PLATFORM.replace("marking: aliases", "models: \"p.ml.{model}\"");

    Problem problem = problem(platform, "model: churn\nregistered-as: Churn Model\n", List.of());
    assertThat(problem.where()).isEqualTo("promotion.yaml:2");
    assertThat(problem.cameBack())
        .contains("\"Churn Model\" is not a valid model name in workspace prod");
    assertThat(settings(platform, "model: churn\nregistered-as: Churn_Model\n", List.of()).path())
        .extracting(Station::model)
        .as("which knows no upper case: two ways to write it are one model, and one turn")
        .containsExactly("Churn_Model", "p.ml.churn_model");
  }

  @Test
  void aNameThatWouldBeTakenForOneOfUnityCatalogIsRefusedInTheWorkspacesOwnRegistry() {
    Problem problem = problem(PLATFORM, "model: churn\nregistered-as: v1.2.3\n", List.of());

    assertThat(problem.where()).isEqualTo("promotion.yaml:2");
    assertThat(problem.toString()).contains("\"v1.2.3\"", "not three parts");
    assertThat(settings(PLATFORM, "model: churn\nregistered-as: v1.2\n", List.of()).path())
        .extracting(Station::model)
        .containsExactly("v1.2", "v1.2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\1',
      textBlock =
          """
          path: [dev, qa]        | promotion.yaml:9 | path is dev → qa, which leaves out or reorders the platform's path; allowed: dev → prod, with further workspaces added
          path: [prod, dev]      | promotion.yaml:9 | path is prod → dev, which leaves out or reorders the platform's path; allowed: dev → prod, with further workspaces added
          path: [dev, prd, prod] | promotion.yaml:9 | path names workspace "prd", which is not in portage.yaml; did you mean "prod"? allowed: dev, qa, prod
          """)
  void aFileNeverLoosensThePath(String line, String where, String message) {
    Problem problem = problem(PLATFORM, FILE + line + "\n", FILES);
    assertThat(problem.where()).isEqualTo(where);
    assertThat(problem.cameBack()).isEqualTo(message);
  }

  @Test
  void aStepThatTheKindCannotDoIsRefusedWithItsLine() {
    Problem problem = problem(BARE_PROD, FILE, FILES);
    assertThat(problem.kind()).isEqualTo(FailureKind.USER);
    assertThat(problem.message())
        .isEqualTo(
            """
            read promotion.yaml failed in promotion.yaml:7: batch can't be done in workspace prod \
            (portage.yaml:3), which is of kind mlflow and runs no jobs; leave batch out; allowed: \
            a workspace of kind databricks
              Correct it, commit, then check again: portage plan promotion.yaml\
            """);
  }

  @Test
  void trainingNeedsAWorkspaceThatRunsJobs() {
    String platform = BARE_PROD + "path: [prod, dev]\n";
    Problem problem = problem(platform, "model: churn\ntrain: t.py\n", List.of());
    assertThat(problem.where()).isEqualTo("promotion.yaml:2");
    assertThat(problem.cameBack()).contains("portage start --version");
    assertThat(settings(platform, "model: churn\n", List.of()).train()).isNull();
  }

  @Test
  @Tag("S0.03")
  void aNotebookThatTheCommitLacksIsReportedWithTheNearestName() {
    Problem problem =
        problem(
            PLATFORM,
            FILE,
            List.of("notebooks/check.py", "notebooks/training.py", "notebooks/score.py"));
    assertThat(problem.where()).isEqualTo("promotion.yaml:3");
    assertThat(problem.cameBack())
        .isEqualTo(
            "train names notebooks/train.py, which is not in the commit; did you mean"
                + " \"notebooks/training.py\"?");
  }

  @Test
  void everyFaultIsReported() {
    Problem problem = problem(BARE_PROD, FILE, List.of("notebooks/check.py", "notebooks/score.py"));
    assertThat(problem.where()).isEqualTo("promotion.yaml:3");
    assertThat(problem.cameBack()).contains("\n  promotion.yaml:7: batch can't be done");
  }

  @Test
  void aWrongFileIsAUserErrorWithItsLine() {
    Problem problem = problem(PLATFORM, FILE.replace("gates", "gate"), FILES);
    assertThat(problem.where()).isEqualTo("promotion.yaml:4");
    assertThat(problem.cameBack()).startsWith("unknown key \"gate\"; did you mean \"gates\"?");
  }

  @Test
  void aModelWithoutATierIsAnErrorForThePlatformTeam() {
    Problem problem = problem(PLATFORM, "model: fraud\n", List.of());
    assertThat(problem.where()).isEqualTo("portage.yaml:6");
    assertThat(problem.cameBack()).isEqualTo("no tier matches model fraud; allowed: diab*, churn");
  }

  @Test
  void aPlatformFileThatIsWrongByNowIsReportedWithItsLine() {
    Problem problem = problem(PLATFORM.replace("pool: ml-small", "polo: x"), FILE, FILES);
    assertThat(problem.where()).isEqualTo("portage.yaml:2");
    assertThat(problem.remedy()).contains("the worker's machine");
  }

  @Test
  void aPromotionFileDoesNotLoosenWhatThePlatformDemands() {
    String strict = PLATFORM.replace("marking: aliases", "marking: aliases, verify: full");

    Problem problem = problem(strict, FILE + "verify: sizes\n", FILES);
    assertThat(problem.where()).isEqualTo("promotion.yaml:9");
    assertThat(problem.cameBack())
        .contains("verify is sizes, but the platform file demands full in workspace prod");
  }
}
