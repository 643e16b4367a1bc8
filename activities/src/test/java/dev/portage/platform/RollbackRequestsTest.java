package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.rollback.RollbackQuery;
import dev.portage.rollback.RollbackSettings;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.Station;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RollbackRequestsTest {

  private static final String PLATFORM =
      """
      workspaces:
        dev:  { mlflow: "http://127.0.0.1:5001" }
        qa:   { mlflow: "http://127.0.0.1:5002", models: "qa-{model}" }
        prod: { host: "http://127.0.0.1:1003", token: "file:t", models: "prod.ml.{model}" }
        lab:  { mlflow: "http://127.0.0.1:5004" }
      path: [dev, qa, prod]
      identity: claimed
      groups:
        owners: [ana@example.com]
        on-call: [kim@example.com, rui@example.com]
      tiers:
        critical: { models: "pd-*", approve: owners, rollback: [on-call], expires: 3d }
        quick:    { models: "churn", approve: owners, rollback: free, expires: 2h }
      """;

  @Test
  void theLastWorkspaceOfThePathIsMeantUnlessAnotherIsNamed() {
    RollbackSettings settings = settings("churn", null);

    assertThat(settings.target().workspace()).isEqualTo("prod");
    assertThat(settings.target().model()).isEqualTo("prod.ml.churn");
    assertThat(settings.model()).isEqualTo("churn");
    assertThat(settings.origin()).extracting(Station::workspace).isEqualTo("dev");
    assertThat(settings.approval()).isNull();
  }

  @Test
  void theOriginsMarkFollowsTheLastWorkspaceAlone() {
    assertThat(settings("churn", "qa").origin()).isNull();
  }

  @Test
  void aFullNameStandsForTheModelInIt() {
    assertThat(settings("prod.ml.churn", null).model()).isEqualTo("churn");
    assertThat(settings("qa-churn", "qa").target().model()).isEqualTo("qa-churn");
  }

  @Test
  void aTierMayAskAGroupForADayAtMost() {
    ApprovalPolicy policy = Objects.requireNonNull(settings("pd-1", null).approval());

    assertThat(policy.groups()).containsExactly("on-call");
    assertThat(policy.members().get("on-call")).hasSize(2);
    assertThat(policy.expires()).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void whatCannotBeRolledBackIsRefusedWithWhatCan() {
    assertThatThrownBy(() -> settings("churn", "prd"))
        .hasMessageContaining("--workspace names workspace \"prd\"")
        .hasMessageContaining("did you mean \"prod\"?");
    assertThatThrownBy(() -> settings("churn", "dev"))
        .hasMessageContaining("nothing is released into workspace dev, the first one of the path")
        .hasMessageContaining("allowed: qa, prod");
    assertThatThrownBy(() -> settings("churn", "lab"))
        .hasMessageContaining("lab, which is not on the path dev → qa → prod");
    assertThatThrownBy(() -> settings("other", null))
        .hasMessageContaining("no tier matches model \"other\"")
        .hasMessageContaining("pd-*, churn");
    assertThatThrownBy(() -> settings("a/b", null))
        .hasMessageContaining("model \"a/b\" is not a model of workspace prod")
        .hasMessageContaining("Nothing was changed");
  }

  @Test
  void aGroupThatListsNobodyIsRefusedInTheFile() {
    assertThat(
            Platform.read(
                "portage.yaml",
                PLATFORM.replace("rollback: [on-call]", "rollback: [oncall]"),
                TestKinds.ALL))
        .isInstanceOfSatisfying(
            Reading.Wrong.class,
            wrong ->
                assertThat(wrong.errors().toString())
                    .contains("group \"oncall\" is not in groups")
                    .contains("did you mean \"on-call\"?"));
  }

  private static RollbackSettings settings(String model, @Nullable String workspace) {
    return new RollbackRequests(RollbackRequestsTest::platform)
        .rollbackSettings(new RollbackQuery(model, workspace));
  }

  private static Platform platform() {
    return switch (Platform.read("portage.yaml", PLATFORM, TestKinds.ALL)) {
      case Reading.Good<Platform>(Platform platform) -> platform;
      case Reading.Wrong<Platform>(List<ValidationError> errors) ->
          throw new AssertionError(errors);
    };
  }
}
