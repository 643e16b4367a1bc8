package dev.portage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("S1.24")
class WorkspaceNamesTest {

  @ParameterizedTest
  @CsvSource({
    // own pattern, the other workspace's pattern, model, whether its name is another model's there
    "{model},qa-{model},qa-churn,true",
    "{model},qa-{model},churn,false",
    "qa-{model},{model},churn,false",
    "{model},{model}-qa,churn-QA,true",
    "qa-{model},{model}-prod,x-prod,true",
    "{model}-prod,qa-{model},qa-x,true",
    "{model}-prod,qa-{model},x,false",
    "prod.ml.{model},qa.ml.{model},qa,false",
    "{model},qa-{model},qa-,false",
    "{model},{model}.{model},a.a,true",
    "{model},{model}.{model},a.b,false",
    "{model},fixed,fixed,false"
  })
  void aNameThatAnotherPatternGivesToAnotherModelIsTaken(
      String own, String other, String model, boolean taken) {
    WorkspaceNames used = names(own.replace("{model}", model));

    assertThat(used.isTakenBy(names(own), names(other)).isPresent()).isEqualTo(taken);
  }

  @ParameterizedTest
  @CsvSource({
    "jobs,m,{model}-x,t,j-qa,{job}-qa,scoring jobs",
    "tables,m,/Shared/e,a.t_qa,j,x-{job},tables",
    "experiments,m,/Workspace/Shared/qa/e,t,j,x-{job},experiments"
  })
  void itIsSaidWhatOfItIsTaken(
      String key,
      String model,
      String experiment,
      String table,
      String job,
      String otherJobs,
      String what) {
    WorkspaceNames own = new WorkspaceNames("{model}", "/Shared/{model}", "{table}", "{job}");
    WorkspaceNames other =
        new WorkspaceNames("qa.{model}", "/Shared/qa/{model}", "a.{table}_qa", otherJobs);

    assertThat(
            new WorkspaceNames(model, experiment, table, job).isTakenBy(own, other).orElseThrow())
        .extracting(WorkspaceNames.Meeting::key, WorkspaceNames.Meeting::what)
        .containsExactly(key, what);
  }

  private static WorkspaceNames names(String models) {
    return new WorkspaceNames(models, null, null, null);
  }
}
