package dev.portage.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.portage.checkout.TemporaryRepository;
import dev.portage.job.Source;
import dev.portage.promotion.PromotionStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which repository and commit a draft is of. */
class DraftRepositoriesTest extends DraftWorld {
  private final List<HttpServer> servers = new ArrayList<>();

  DraftRepositoriesTest(@TempDir Path folder) {
    super(folder);
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
  void withoutARemoteTheRepositoryMustBeNamed() {
    repository.git("remote", "remove", "origin");

    assertThatThrownBy(() -> maker(request(null, null, null)).forStart())
        .hasMessageContaining("--repository URL");
  }

  @Test
  void aPasswordInTheRepositorysAddressIsRefusedAndNotShown() {
    assertThatThrownBy(() ->
            maker(
                    StartRequest.of(Path.of("churn/promotion.yaml"))
                        .repository("https://ana:s3cret@git.example.com/models.git")
                        .build())
                .forStart())
        .hasMessageContaining("--repository has a password or token in it")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void anEmptyPathNamesNoFile() {
    assertThatThrownBy(() -> maker(StartRequest.of(Path.of("")).build()).forStart())
        .hasMessageContaining("name a promotion.yaml");
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

  @Test
  @Tag("S0.12")
  void aProjectOfAzureDevopsThatIsMissingIsToldBeforeAnythingStarts() throws IOException {
    azure(
        "TF200016: The following project does not exist: modells. Verify that the name of the"
            + " project is correct and that the project exists on the specified Azure DevOps"
            + " Server.");
    StartRequest request =
        StartRequest.of(Path.of("churn/promotion.yaml"))
            .repository("https://dev.azure.com/example/modells/_git/churn")
            .build();

    assertThatThrownBy(() -> maker(request).forStart())
        .isInstanceOf(StartException.class)
        .hasMessageContaining(
            "there is no project modells at https://dev.azure.com/example/modells/_git/churn")
        .hasMessageContaining("az devops project create");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          TF401019: The Git repository with name or identifier churn does not exist or you do not have permissions for the operation you are attempting. | true
          TF400813: The user is not authorized to access this resource. | false
          """)
  @Tag("S0.12")
  void aRepositoryThatThisLoginDoesNotSeeIsNotedAndOtherAnswersSayNothing(
      String answer, boolean noted) throws IOException {
    repository.git(
        "remote", "set-url", "origin", "https://dev.azure.com/example/models/_git/churn");
    azure(answer);

    assertThat(
            maker(request(null, null, null)).forStart().notes().stream()
                .anyMatch(note ->
                    note.startsWith("your Git login sees no repository churn at https://dev")))
        .isEqualTo(noted);
  }

  /** A server that answers as Azure Repos does, in its place. */
  private void azure(String answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    servers.add(server);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
          exchange.sendResponseHeaders(404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    repository.git(
        "config",
        "--replace-all",
        "url.http://127.0.0.1:" + server.getAddress().getPort() + "/.insteadOf",
        "https://dev.azure.com/");
  }

  @AfterEach
  void close() {
    servers.forEach(server -> server.stop(0));
  }
}
