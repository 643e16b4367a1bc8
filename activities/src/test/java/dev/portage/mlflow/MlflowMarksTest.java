package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.registry.Champion;
import dev.portage.registry.Marked;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.Tags;
import dev.portage.registry.UnmarkOrder;
import dev.portage.registry.Unmarked;
import dev.portage.registry.VersionLabels;
import dev.portage.registry.VersionQuery;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Stages and aliases move, and say who the champion is. */
class MlflowMarksTest extends RegistryScene {

  @Test
  void anAliasMovesToExactlyTheVersionAndARepeatChangesNothing() {
    registry.registerVersion(order("key-1"));
    registry.registerVersion(order("key-2"));

    assertThat(mark("1", Marking.ALIASES, "champion")).isEqualTo(new Marked("champion", "1", null));
    assertThat(mark("2", Marking.ALIASES, "champion")).isEqualTo(new Marked("champion", "2", "1"));
    assertThat(mark("2", Marking.ALIASES, "champion")).isEqualTo(new Marked("champion", "2", "2"));
    assertThat(mlflow.asked("POST registered-models/alias")).isEqualTo(2);
  }

  @Test
  void aStageMovesAndOnlyProductionArchivesItsPredecessor() {
    registry.registerVersion(order("key-1"));
    registry.registerVersion(order("key-2"));

    mark("1", Marking.STAGES, "Staging");
    assertThat(mark("2", Marking.STAGES, "Staging")).isEqualTo(new Marked("Staging", "2", "1"));
    assertThat(stageOf("1")).isEqualTo("Staging");
    mark("1", Marking.STAGES, "Production");
    assertThat(mark("2", Marking.STAGES, "Production"))
        .isEqualTo(new Marked("Production", "2", "1"));
    assertThat(stageOf("1")).isEqualTo("Archived");
    long moves = mlflow.asked("POST model-versions/transition-stage");
    assertThat(mark("2", Marking.STAGES, "Production"))
        .isEqualTo(new Marked("Production", "2", "2"));
    assertThat(mlflow.asked("POST model-versions/transition-stage")).isEqualTo(moves);
  }

  @Test
  void aCandidateGoesBackToTheStageItHadUnlessSomebodyMovedIt() {
    registry.registerVersion(order("key-1"));
    mark("1", Marking.STAGES, "Staging");

    assertThat(unmark(Marking.STAGES, "Staging", "None"))
        .isEqualTo(new Unmarked(true, "stage None"));
    assertThat(stageOf("1")).isEqualTo("None");
    assertThat(unmark(Marking.STAGES, "Staging", null))
        .isEqualTo(new Unmarked(false, "stage None"));
    mark("1", Marking.STAGES, "Production");
    assertThat(unmark(Marking.STAGES, "Staging", "None"))
        .isEqualTo(new Unmarked(false, "stage Production"));
    mark("1", Marking.STAGES, "Archived");
    mark("1", Marking.STAGES, "Staging");
    assertThat(unmark(Marking.STAGES, "Staging", "Archived"))
        .isEqualTo(new Unmarked(true, "stage Archived"));
  }

  @Test
  void theAliasOfACandidateGoesUnlessItHasMovedOn() {
    registry.registerVersion(order("key-1"));
    registry.registerVersion(order("key-2"));
    mark("1", Marking.ALIASES, "challenger");

    assertThat(unmark(Marking.ALIASES, "challenger", null))
        .isEqualTo(new Unmarked(true, "no alias"));
    assertThat(unmark(Marking.ALIASES, "challenger", null))
        .isEqualTo(new Unmarked(false, "no alias"));
    mark("2", Marking.ALIASES, "challenger");
    assertThat(unmark(Marking.ALIASES, "challenger", null))
        .isEqualTo(new Unmarked(false, "challenger is version 2 now"));
    assertThat(mlflow.asked("DELETE registered-models/alias")).isEqualTo(1);
  }

  @Test
  void whatIsLiveDoesNotBecomeACandidateAgain() {
    registry.registerVersion(order("key-1"));
    mark("1", Marking.STAGES, "Production");

    assertThat(mark("1", Marking.STAGES, "Staging")).isEqualTo(new Marked("Production", "1", "1"));
    assertThat(stageOf("1")).isEqualTo("Production");
  }

  @Test
  void markingAMissingVersionIsRefused() {
    registry.registerVersion(order("key-1"));

    ApplicationFailure failure =
        catchThrowableOfType(
            ApplicationFailure.class, () -> mark("7", Marking.ALIASES, "champion"));

    assertThat(failure.getOriginalMessage())
        .contains("version 7 of churn")
        .contains("it does not exist");
    assertThat(failure.getType()).isEqualTo("UserError");
  }

  @Test
  void theChampionComesWithItsEvidence() {
    assertThat(registry.champion(new ModelQuery("dev", "churn", Marking.ALIASES))).isEmpty();
    registry.registerVersion(order("key-1"));
    assertThat(registry.champion(new ModelQuery("dev", "churn", Marking.ALIASES))).isEmpty();
    assertThat(registry.champion(new ModelQuery("dev", "churn", Marking.STAGES))).isEmpty();
    mark("1", Marking.ALIASES, "champion");
    registry.labelVersion(
        new VersionLabels("dev", "churn", "1", Map.of(Tags.DIGEST, "d1", Tags.COMMIT, "c1")));

    Champion champion =
        registry.champion(new ModelQuery("dev", "churn", Marking.ALIASES)).orElseThrow();

    assertThat(champion.version().version()).isEqualTo("1");
    assertThat(champion.version().aliases()).containsExactly("champion");
    assertThat(champion.metrics()).containsEntry("rmse", 0.5);
    assertThat(champion.commit()).isEqualTo("c1");
    assertThat(champion.digest()).isEqualTo("d1");
    assertThat(champion.promotion()).isEqualTo("promotion/churn/abc");
    assertThat(champion.versions()).isNull();
  }

  @Test
  void theChampionComesWithTheNumbersOfAllVersionsIfThatIsRequested() {
    registry.registerVersion(order("key-1"));
    registry.registerVersion(order("key-2"));
    registry.registerVersion(order("key-3"));
    mark("2", Marking.ALIASES, "champion");

    assertThat(registry.champion(new ModelQuery("dev", "churn", Marking.ALIASES).andVersions()))
        .map(Champion::versions)
        .contains("1–3");
  }

  @Test
  void severalVersionsInProductionGiveNoChampion() {
    registry.registerVersion(order("key-1"));
    registry.registerVersion(order("key-2"));
    mlflow.versions().forEach(version -> version.put("current_stage", "Production"));

    ApplicationFailure failure =
        catchThrowableOfType(
            ApplicationFailure.class,
            () -> registry.champion(new ModelQuery("dev", "churn", Marking.STAGES)));

    assertThat(failure.getOriginalMessage()).contains("there are several: 1, 2");
    mark("2", Marking.STAGES, "Production");
    assertThat(registry.champion(new ModelQuery("dev", "churn", Marking.STAGES)))
        .map(champion -> champion.version().version())
        .contains("2");
  }

  @Test
  void aVersionIsFoundWithOrWithoutItsLetter() {
    registry.registerVersion(order("key-1"));

    for (String typed : List.of("1", "v1", "V1")) {
      assertThat(registry.versionNamed(new VersionQuery("dev", "churn", typed)).version())
          .as(typed)
          .isEqualTo("1");
    }
  }

  @Test
  void aModelThatIsMarkedTheOtherWaySaysWhichSettingReadsIt() {
    registry.registerVersion(order("key-1"));
    registry.registerVersion(order("key-2"));
    assertThat(unfound("Production")).doesNotContain("marking:");
    mark("2", Marking.ALIASES, "champion");

    assertThat(unfound("Production"))
        .contains("no version is in that stage")
        .contains("its alias champion points at version 2")
        .contains("marking: aliases")
        .contains("--version");
    assertThat(unfound("Staging")).doesNotContain("marking:");
    registry.unmark(new UnmarkOrder("dev", "churn", "2", Marking.ALIASES, "champion", null));
    mark("1", Marking.STAGES, "Production");
    assertThat(unfound("champion"))
        .contains("version 1 is in stage Production")
        .contains("marking: stages");
  }

  @Test
  void ofAModelWithoutVersionsNoneIsAskedFor() {
    registry.registerVersion(order("key-1"));
    mlflow.versions().clear();

    assertThat(unfound("champion"))
        .contains("the registered model has no versions", "Register a version of it first")
        .doesNotContain("by its number");
  }

  private String unfound(String name) {
    ApplicationFailure failure =
        catchThrowableOfType(
            ApplicationFailure.class,
            () -> registry.versionNamed(new VersionQuery("dev", "churn", name)));
    return failure.getOriginalMessage();
  }
}
