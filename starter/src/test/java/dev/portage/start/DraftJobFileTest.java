package dev.portage.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.settings.Work;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file with the settings of a scoring job, as a draft takes it from the commit. */
class DraftJobFileTest extends DraftWorld {
  private static final String WITH_JOB =
      FILE + "batch: {settings: jobs/score.json, table: scores}\n";
  private static final String JOB =
      """
      {
        "name": "churn nightly",
        "git_source": {"git_url": "https://github.com/Team/models", "git_branch": "main"},
        "tasks": [{"task_key": "score", "notebook_task": {
          "notebook_path": "churn/notebooks/score",
          "base_parameters": {"model_uri": "", "model_version": "", "table": "", "batch_id": "",
            "promotion_id": ""}}}]
      }
      """;

  DraftJobFileTest(@TempDir Path folder) {
    super(folder);
    repository
        .write("churn/promotion.yaml", WITH_JOB)
        .write("churn/jobs/score.json", JOB)
        .write(
            "churn/notebooks/score.py",
            "# Databricks notebook source\ndf.write.saveAsTable('scores')\n")
        .commit("job");
  }

  @Test
  void aStartTakesItFromTheCommitAndItsHashCounts() {
    Draft draft = maker(request(null, null, null)).forStart();

    assertThat(draft.start().settingsOrder().jobSettings())
        .isEqualTo(draft.start().jobSettings())
        .contains("\"model_uri\":\"{model_uri}\"")
        .doesNotContain("git_branch");
    assertThat(Objects.requireNonNull(draft.file().batch()).job()).isEqualTo("churn nightly");
    assertThat(((Work.Defined) Objects.requireNonNull(draft.file().batch()).work()).json())
        .contains("\"source\":\"GIT\"");
    assertThat(draft.start().tableWrites())
        .containsExactly("notebooks/score.py:2: df.write.saveAsTable('scores')");
    assertThat(draft.notes())
        .contains(
            "churn/jobs/score.json: git_source is not used: the job runs the promotion's commit")
        .noneMatch(note -> note.contains("its git_source names"));

    repository.write("churn/jobs/score.json", JOB.replace("nightly", "daily")).commit("other");
    assertThat(maker(request(null, null, null)).forStart().start().fileHash())
        .isNotEqualTo(draft.start().fileHash());
  }

  @Test
  void aChangedOneIsRefusedByAStartAndUsedByAPlan() {
    repository.write("churn/jobs/score.json", JOB.replace("nightly", "daily"));

    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .hasMessageContaining("churn/jobs/score.json differs from commit");
    Draft plan = maker(request(null, null, null)).forPlan();
    assertThat(plan.asCommitted()).isFalse();
    assertThat(Objects.requireNonNull(plan.file().batch()).job()).isEqualTo("churn daily");
    assertThat(plan.notes()).anyMatch(note -> note.contains("jobs/score.json differs from commit"));
  }

  @Test
  void whatItNamesHasToBeInTheCommit() {
    repository
        .write("churn/jobs/score.json", JOB.replace("churn/notebooks/score", "notebooks/score"))
        .commit("wrong path");

    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .hasMessageContaining(
            "churn/jobs/score.json:5: a task names notebooks/score, which is not in the commit")
        .hasMessageContaining("\"churn/notebooks/score\"");
  }

  @Test
  void oneThatIsMissingOrWrongIsSaidWithItsLine() {
    repository.write("churn/jobs/score.json", "{\n  \"task\": []\n}\n").commit("wrong");
    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .hasMessageContaining("churn/jobs/score.json:2: unknown key \"task\"");

    repository.git("rm", "-q", "churn/jobs/score.json");
    repository.write("churn/other.txt", "x").commit("gone");
    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .hasMessageContaining("churn/jobs/score.json is not in commit");
  }

  @Test
  void anotherRepositoryInItIsNoted() {
    repository
        .write("churn/jobs/score.json", JOB.replace("Team/models", "team/other"))
        .commit("other repository");

    assertThat(maker(request(null, null, null)).forStart().notes())
        .contains(
            "churn/jobs/score.json: its git_source names https://github.com/team/other; the job runs"
                + " https://github.com/team/models.git");
  }
}
