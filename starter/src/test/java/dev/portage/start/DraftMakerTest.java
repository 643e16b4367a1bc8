package dev.portage.start;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.checkout.TemporaryRepository;
import dev.portage.job.Source;
import dev.portage.promotion.PromotionStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DraftMakerTest {

  private static final String FILE = "model: churn\ntrain: notebooks/train.py\n";

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>(Map.of("USER", "system"));
  private final TemporaryRepository repository;
  private final String commit;

  DraftMakerTest(@TempDir Path folder) {
    this.folder = folder;
    repository = new TemporaryRepository(folder);
    commit =
        repository
            .write("churn/promotion.yaml", FILE)
            .write("churn/notebooks/train.py", "# Databricks notebook source\n")
            .commit("churn");
    repository.git("remote", "add", "origin", "https://me:hunter2@github.com/team/models.git");
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
  void sandboxWorkspacesReadThisCheckout() throws IOException {
    Source source =
        new DraftMaker(request(null, null, null), environment, folder, true)
            .forStart()
            .start()
            .source();

    assertThat(source).extracting(Source::gitUrl).isEqualTo("file://" + folder.toRealPath());
  }

  @Test
  void sandboxWorktreesAndBareClonesNeedNoRemote(@TempDir Path elsewhere) {
    Path worktree = elsewhere.resolve("mein Modell #1 ä");
    repository.git("worktree", "add", "--quiet", "--detach", worktree.toString());
    Path bare = elsewhere.resolve("bare ü.git");
    repository.git("clone", "--quiet", "--bare", folder.toString(), bare.toString());
    repository.git("-C", bare.toString(), "remote", "remove", "origin");

    for (Path place : List.of(worktree, bare)) {
      DraftMaker maker = new DraftMaker(request(null, null, null), environment, place, true);
      Source source = Objects.requireNonNull(maker.forStart().start().source());

      assertThat(source.gitUrl()).startsWith("file:///").doesNotContain(" ").doesNotContain("#");
      assertThat(Path.of(java.net.URI.create(source.gitUrl()))).isEqualTo(place);
      assertThat(source.commit()).isEqualTo(commit);
      assertThat(source.folder()).isEqualTo("churn");
      assertThat(maker.forPlan().asCommitted()).isTrue();
    }
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
  void onlyModelsTrainedElsewhereArePromotedOutsideGit(@TempDir Path elsewhere) throws IOException {
    Files.writeString(elsewhere.resolve("promotion.yaml"), "model: churn\n");
    Path file = Path.of("promotion.yaml");

    assertThatThrownBy(() ->
            new DraftMaker(request(file, null, null, null), environment, elsewhere, false)
                .forStart())
        .hasMessageContaining("is not in a Git repository")
        .hasMessageContaining("--version");
    PromotionStart start =
        new DraftMaker(request(file, null, "7", null), environment, elsewhere, false)
            .forStart()
            .start();
    assertThat(start.source()).isNull();
    assertThat(start.startedBy()).isEqualTo("system");
  }

  @Test
  void aPipelinesFactsWinOverTheCheckouts() {
    String second = repository.commit("second");
    environment.putAll(
        Map.of(
            "TF_BUILD", "True",
            "BUILD_SOURCEVERSION", commit,
            "BUILD_BUILDID", "4711",
            "BUILD_REQUESTEDFOREMAIL", "ben@example.com",
            "BUILD_REPOSITORY_URI", "https://team@dev.azure.com/team/ml/_git/models"));

    PromotionStart start = maker(request(null, null, null)).forStart().start();

    assertThat(start.commit()).isEqualTo(commit).isNotEqualTo(second);
    assertThat(start.startedBy()).isEqualTo("ben@example.com");
    assertThat(start.build()).isNotNull();
    assertThat(start.source()).extracting(Source::gitProvider).isEqualTo("azureDevOpsServices");
  }

  @Test
  void theFilesOwnRepositoryCountsAmongSeveralCheckouts(@TempDir Path sources) {
    environment.putAll(
        Map.of(
            "TF_BUILD", "True",
            "BUILD_BUILDID", "4711",
            "BUILD_SOURCEVERSION", "f".repeat(40),
            "BUILD_SOURCESDIRECTORY", sources.toString(),
            "BUILD_REPOSITORY_URI", "https://team@dev.azure.com/team/ml/_git/pipelines"));
    repository.git("checkout", "--quiet", "--detach");

    PromotionStart start = maker(request(null, null, null)).forStart().start();

    assertThat(start.commit()).isEqualTo(commit);
    assertThat(start.source())
        .isEqualTo(new Source("https://github.com/team/models.git", "gitHub", commit, "churn"));
  }

  @Test
  void theFilesOwnRepositoryCountsEvenWithTheOthersCommit(@TempDir Path sources) {
    String own = repository.commit("own");
    environment.putAll(
        Map.of(
            "TF_BUILD",
            "True",
            "BUILD_SOURCEVERSION",
            commit,
            "BUILD_SOURCESDIRECTORY",
            sources.toString(),
            "BUILD_REPOSITORY_URI",
            "https://github.com/upstream/models"));

    assertThat(maker(request(null, null, null)).forStart().start().commit()).isEqualTo(own);
  }

  @Test
  void aSubmoduleIsARepositoryOfItsOwn(@TempDir Path around) {
    TemporaryRepository whole = new TemporaryRepository(around);
    whole.git(
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        folder.toUri().toString(),
        "models");
    String commitOfWhole = whole.commit("whole");
    whole.git("remote", "add", "origin", "https://github.com/team/whole.git");
    environment.putAll(
        Map.of(
            "TF_BUILD",
            "True",
            "BUILD_SOURCEVERSION",
            commitOfWhole,
            "BUILD_SOURCESDIRECTORY",
            around.toString(),
            "BUILD_REPOSITORY_URI",
            "https://github.com/team/whole.git"));
    Path file = Path.of("models/churn/promotion.yaml");

    PromotionStart start =
        new DraftMaker(request(file, null, null, null), environment, around, false)
            .forStart()
            .start();

    assertThat(start.commit()).isEqualTo(commit);
    assertThat(start.source()).extracting(Source::folder).isEqualTo("churn");
  }

  @Test
  void aShallowCheckoutThatLacksThePipelinesCommitIsExplained() {
    environment.putAll(
        Map.of(
            "TF_BUILD", "True",
            "BUILD_SOURCEVERSION", "f".repeat(40),
            "BUILD_REPOSITORY_URI", "https://github.com/Team/models"));

    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .hasMessageContaining("which the pipeline is building")
        .hasMessageContaining("fetchDepth: 0")
        .hasMessageContaining("--commit");
  }

  @Test
  void theOriginalAddressIsUsedAndNotThisMachinesRewrite() {
    repository.git("config", "url.https://mirror.example.com/.insteadOf", "https://github.com/");
    repository.git("remote", "set-url", "origin", "https://github.com/team/models.git");
    assertThat(maker(request(null, null, null)).forStart().start().source())
        .extracting(Source::gitUrl)
        .isEqualTo("https://github.com/team/models.git");

    repository.git("config", "url.https://github.com/.insteadOf", "gh:");
    repository.git("remote", "set-url", "origin", "gh:team/models.git");
    assertThat(maker(request(null, null, null)).forStart().start().source())
        .as("a short name means nothing elsewhere")
        .extracting(Source::gitUrl)
        .isEqualTo("https://github.com/team/models.git");
  }

  @Test
  void everyoneInvolvedInTheCommitIsRecorded() {
    repository.git("config", "user.email", "lead@example.com");
    repository.git(
        "commit",
        "--quiet",
        "--allow-empty",
        "--message",
        "squashed\n\nCo-authored-by: Ben <ben@example.com>",
        "--author",
        "Ana <ana@example.com>");

    PromotionStart start = maker(request(null, null, null)).forStart().start();

    assertThat(start.committer()).isEqualTo("lead@example.com");
    assertThat(start.people())
        .containsExactly("ana@example.com", "lead@example.com", "ben@example.com");
    assertThat(maker(request(null, "7", null)).forStart().start().people())
        .as("what scores with a model trained elsewhere is of this commit too")
        .isEqualTo(start.people());
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

  @Test
  void withoutARemoteTheRepositoryMustBeNamed() {
    repository.git("remote", "remove", "origin");

    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .hasMessageContaining("--repository URL");
  }

  @Test
  void anUnknownHostsKindCanBeNamed() {
    repository.git("remote", "set-url", "origin", "https://git.example.com/ml/churn.git");

    Draft guessed = maker(request(null, null, null)).forStart();
    Draft named = maker(request("gitLabEnterpriseEdition")).forStart();

    assertThat(Objects.requireNonNull(guessed.start().source()).gitProvider())
        .isEqualTo("gitHubEnterprise");
    assertThat(guessed.notes())
        .anyMatch(note -> note.contains("git.example.com") && note.endsWith("--git-provider"));
    assertThat(Objects.requireNonNull(named.start().source()).gitProvider())
        .isEqualTo("gitLabEnterpriseEdition");
    assertThat(named.notes()).noneMatch(note -> note.contains("--git-provider"));
    assertThatThrownBy(() -> maker(request("gitlab")).forStart())
        .hasMessageContaining("\"gitlab\" is not a Git provider; allowed: gitHub, ");
  }

  private static StartRequest request(String gitProvider) {
    return new StartRequest(
        Path.of("churn/promotion.yaml"),
        null,
        null,
        null,
        false,
        null,
        null,
        List.of(),
        gitProvider);
  }

  private DraftMaker maker(StartRequest request) {
    return new DraftMaker(request, environment, folder, false);
  }

  private static StartRequest request(
      @Nullable String commit, @Nullable String version, @Nullable String runId) {
    return request(Path.of("churn/promotion.yaml"), commit, version, runId);
  }

  private static StartRequest request(
      Path file, @Nullable String commit, @Nullable String version, @Nullable String runId) {
    return new StartRequest(file, commit, version, runId, false, null, null);
  }
}
