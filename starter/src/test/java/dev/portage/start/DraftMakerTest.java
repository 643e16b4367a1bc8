package dev.portage.start;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.job.Source;
import dev.portage.promotion.PromotionStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a draft takes from the file and its commit. */
class DraftMakerTest extends DraftWorld {
  DraftMakerTest(@TempDir Path folder) {
    super(folder);
  }

  @Test
  void theDraftHoldsTheCommitsFileAndItsFacts() {
    PromotionStart start = maker(request(null, null, null)).forStart().start();

    assertThat(start.workflowId()).isEqualTo("promotion/churn/" + commit.substring(0, 12));
    assertThat(start.commit()).isEqualTo(commit);
    assertThat(start.fileText()).isEqualTo(FILE);
    assertThat(start.fileHash()).hasSize(64);
    assertThat(start.files()).containsExactly("notebooks/train.py");
    assertThat(start.startedBy()).isEqualTo("ana@example.com");
    assertThat(start.committer()).isEqualTo("ana@example.com");
    assertThat(start.source())
        .isEqualTo(new Source("https://github.com/team/models.git", "gitHub", commit, "churn"));
  }

  @Test
  void requirementsFilesAreSentWithoutCommentsAndWithoutSecrets() {
    repository
        .write("requirements.txt", "above the folder\n")
        .write("churn/requirements.txt", "# by ana\nshap==0.46  # for the report\n")
        .write("churn/env/requirements-gpu.txt", "torch\n")
        .write("churn/requirements-private.txt", "-i https://me:hunter2@example.com/simple\n")
        .write("churn/requirements-long.txt", "a==1\n".repeat(5000))
        .write("churn/notes.txt", "nothing to install\n")
        .commit("requirements");
    repository.write("churn/requirements.txt", "changed since\n");

    Source source =
        Objects.requireNonNull(maker(request(null, null, null)).forStart().start().source());

    assertThat(source.requirements())
        .isEqualTo(Map.of("requirements.txt", "\nshap==0.46", "env/requirements-gpu.txt", "torch"));
  }

  /** As PowerShell writes pip's output. */
  @Test
  void aRequirementsFilesEncodingIsDetectedAndABinaryOneIsNamed() throws IOException {
    Path churn = folder.resolve("churn");
    Files.write(churn.resolve("requirements.txt"), "\uFEFFshap\r\n".getBytes(UTF_16LE));
    Files.write(churn.resolve("requirements-b.txt"), "\uFEFFtorch\n".getBytes(UTF_16BE));
    Files.write(churn.resolve("requirements-8.txt"), "\uFEFFnumpy\n".getBytes(UTF_8));
    Files.write(churn.resolve("requirements-x.txt"), new byte[] {'a', (byte) 0xC3, '\n'});
    repository
        .write("churn/requirements-private.txt", "-i https://me:hunter2@example.com/simple\n")
        .commit("requirements");

    Draft draft = maker(request(null, null, null)).forStart();

    assertThat(Objects.requireNonNull(draft.start().source()).requirements())
        .isEqualTo(
            Map.of(
                "requirements.txt", "shap",
                "requirements-b.txt", "torch",
                "requirements-8.txt", "numpy"));
    assertThat(draft.notes())
        .contains("requirements-x.txt can't be read as text, so no compute can install from it")
        .anyMatch(note -> note.startsWith("requirements-private.txt holds "));
  }

  @Test
  void aFileThatDiffersFromItsCommitIsNotStartedButCanBePlanned() {
    repository.write("churn/promotion.yaml", FILE + "gates: { auc: \">= 0.8\" }\n");

    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .isInstanceOf(StartException.class)
        .hasMessageContaining(
            "churn/promotion.yaml differs from commit " + commit.substring(0, 12));
    Draft plan = maker(request(null, null, null)).forPlan();
    assertThat(plan.asCommitted()).isFalse();
    assertThat(plan.start().fileText()).contains("auc");
    assertThat(plan.notes()).first().asString().contains("the plan uses the working copy");
    assertThat(maker(request("HEAD", null, null)).forStart().start().fileText())
        .as("whoever names a commit means that commit")
        .isEqualTo(FILE);
  }

  @Test
  void aFileThatWasNeverCommittedIsExplained() {
    repository.write("other/promotion.yaml", FILE);

    assertThatThrownBy(() ->
            new DraftMaker(
                    request(Path.of("other/promotion.yaml"), null, null, null),
                    environment,
                    folder,
                    false)
                .forStart())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("is not in commit")
        .hasMessageContaining("git add other/promotion.yaml");
  }

  @Test
  void aWrongFileIsReportedWithFileLineAndWhatIsAllowed() {
    repository.write("churn/promotion.yaml", FILE + "gate: {}\n").commit("wrong");

    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith(
            "churn/promotion.yaml:3: unknown key \"gate\"; did you mean \"gates\"? allowed: model,");
  }

  @Test
  void aNotebookMissingInTheCommitIsReportedEvenIfInTheWorkingCopy() {
    repository.write("churn/promotion.yaml", FILE + "check: notebooks/check.py\n").commit("check");
    repository.write("churn/notebooks/check.py", "x");

    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("churn/promotion.yaml:3: check names notebooks/check.py");
  }

  @Test
  void changesThatAreNotPartOfTheCommitAreMentioned() {
    repository.write("churn/notebooks/train.py", "changed\n");

    assertThat(maker(request(null, null, null)).forStart().notes())
        .contains("not part of commit " + commit.substring(0, 12) + ": churn/notebooks/train.py");
  }

  @Test
  void aFileThatIsNoNotebookIsRefusedFromTheCommitOrThePlansFile() {
    repository.write("churn/notebooks/train.py", "import mlflow\n").commit("a module");
    repository.write("churn/notebooks/train.py", "# Databricks notebook source\n");

    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("names notebooks/train.py, which is not a notebook; make");

    repository.write("churn/promotion.yaml", FILE + "# changed\n");

    assertThat(maker(request(null, null, null)).forPlan().notes()).isNotEmpty();
  }

  @Test
  void aModelTrainedElsewhereHasItsOwnKeyAndNoCommit() {
    PromotionStart version = maker(request(null, "7", null)).forStart().start();
    PromotionStart run =
        maker(request(null, null, "0123456789abcdef0123456789abcdef")).forStart().start();

    assertThat(version.key()).isEqualTo("v7");
    assertThat(version.commit()).isNull();
    assertThat(version.source()).as("its notebooks still come from a commit").isNotNull();
    assertThat(run.key()).isEqualTo("r0123456789ab");
    assertThatThrownBy(() -> maker(request(null, "7", "0123456789abcdef")).forStart())
        .hasMessage("use --version or --run-id, not both");
    assertThatThrownBy(() -> maker(request(null, "latest", null)).forStart())
        .hasMessageContaining("--version must be a whole number");
  }

  @Test
  void windowsLineEndingsAreKeptAsCommitted() {
    String file = FILE.replace("\n", "\r\n");
    repository.write("churn/promotion.yaml", file).commit("from Windows");
    repository.write(".gitattributes", "*.yaml text eol=lf\n");
    repository.git("add", ".gitattributes");
    repository.git("commit", "--quiet", "--message", "attributes");

    PromotionStart start = maker(request(null, null, null)).forStart().start();

    assertThat(start.fileText()).isEqualTo(file);
    assertThat(maker(request(null, null, null)).forPlan().asCommitted()).isTrue();
  }

  @Test
  void aByteOrderMarkIsSkipped() {
    repository.write("churn/promotion.yaml", "\ufeff" + FILE).commit("marked");

    assertThat(maker(request(null, null, null)).forStart().start().model()).isEqualTo("churn");
  }

  @Test
  void aSparseFileIsReadFromTheCommit() {
    repository.write("other/x", "x").commit("other");
    repository.git("sparse-checkout", "set", "other");

    assertThat(maker(request(null, null, null)).forStart().start().files())
        .containsExactly("notebooks/train.py");
  }

  @Test
  void aChangeIsReportedWithTheCommandThatTakesItBack() {
    repository.write("churn/promotion.yaml", FILE + "# later\n");

    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .hasMessageEndingWith(
            "discard it: git checkout " + commit.substring(0, 12) + " -- :/churn/promotion.yaml");
  }

  @Test
  void aGitLfsPointerIsNotAFile() {
    repository
        .write(
            "churn/promotion.yaml",
            "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\n")
        .commit("lfs");

    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .hasMessageContaining("Git LFS pointer");
  }
}
