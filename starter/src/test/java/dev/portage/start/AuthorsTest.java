package dev.portage.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.checkout.TemporaryRepository;
import dev.portage.identity.Authorship;
import dev.portage.identity.Involved;
import dev.portage.identity.Involved.Hand;
import dev.portage.preflight.Finding;
import dev.portage.preflight.PreflightReport;
import dev.portage.registry.Marking;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.Identity;
import dev.portage.settings.ListedPerson;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.tracking.Making;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who wrote what a promotion contains, in real repositories. */
class AuthorsTest {

  private static final String FILE = "model: churn\ntrain: notebooks/train.py\n";
  private static final String ELSEWHERE = "e".repeat(40);

  private final Path folder;
  private final TemporaryRepository repository;
  private List<ListedPerson> listed = List.of();

  AuthorsTest(@TempDir Path folder) throws IOException {
    this.folder = Files.createDirectory(folder.resolve("repository"));
    repository = new TemporaryRepository(this.folder);
    repository.git("remote", "add", "origin", "https://github.com/team/models.git");
    repository
        .write("promotion.yaml", FILE)
        .write("notebooks/train.py", "# Databricks notebook source\n")
        .commit("root");
  }

  @Test
  void everyRebasedCommitSinceTheLiveOneCounts() {
    String live = by("old@example.com", "live");
    by("ana@example.com", "first half");
    by("ben@example.com", "second half\n\nCo-authored-by: Eva <eva@example.com>");
    by("lead@example.com", "last");

    Authorship known = authors(draft(null), live, null).authorship();

    assertThat(known.people())
        .containsExactly(
            new Involved(Hand.SINCE, "ben@example.com"),
            new Involved(Hand.SINCE, "eva@example.com"),
            new Involved(Hand.SINCE, "ana@example.com"));
    assertThat(known.gaps()).isEmpty();
    assertThat(known.commits()).hasSize(3);
  }

  @Test
  void authorsOfEarlierMergesCountToo() {
    String live = by("old@example.com", "live");
    repository.git("checkout", "-q", "-b", "feature");
    by("ben@example.com", "on the branch");
    repository.git("checkout", "-q", "main");
    repository.git("config", "user.email", "lead@example.com");
    repository.git("merge", "-q", "--no-ff", "-m", "merge feature", "feature");
    by("lead@example.com", "after it");

    assertThat(names(authors(draft(null), live, null))).containsExactly("ben@example.com");
  }

  @Test
  void aSquashNamesThemItself() {
    String live = by("old@example.com", "live");
    repository.git("checkout", "-q", "-b", "feature");
    by("ben@example.com", "on the branch");
    repository.git("checkout", "-q", "main");
    repository.git("merge", "-q", "--squash", "feature");
    by("lead@example.com", "squashed\n\nCo-authored-by: Ben <ben@example.com>");
    by("lead@example.com", "after it");

    assertThat(names(authors(draft(null), live, null))).contains("ben@example.com");
  }

  @Test
  void aModelsPeopleAreThoseOfItsTrainingCommit() {
    String trainedFrom = by("ana@example.com", "trained\n\nCo-authored-by: E <eva@example.com>");
    String live = by("lead@example.com", "live");
    by("lead@example.com", "only the job");

    Authorship known = authors(draft("7"), live, made(trainedFrom)).authorship();

    assertThat(known.people())
        .containsExactly(
            new Involved(Hand.SOURCE, "ana@example.com"),
            new Involved(Hand.SOURCE, "eva@example.com"));
    assertThat(known.covers(trainedFrom)).isTrue();
    assertThat(texts(authors(draft("7"), live, made(trainedFrom)))).isEmpty();
  }

  @Test
  void aTrainingMergesPeopleAreThoseItMerged() {
    repository.git("checkout", "-q", "-b", "feature");
    by("ben@example.com", "on the branch");
    repository.git("checkout", "-q", "main");
    repository.git("config", "user.email", "cem@example.com");
    repository.git("merge", "-q", "--no-ff", "-m", "merge feature", "feature");
    String merge = repository.git("rev-parse", "HEAD");
    String live = by("lead@example.com", "live");

    assertThat(names(authors(draft("7"), live, made(merge))))
        .containsExactly("cem@example.com", "ben@example.com");
  }

  @Test
  void onABranchEverythingMissingInTheLiveCommitIsNew() {
    String live = by("lead@example.com", "live");
    repository.git("checkout", "-q", "-b", "trial");
    by("ben@example.com", "trial 1");
    String trial = by("cem@example.com", "trial 2");
    repository.git("checkout", "-q", "main");

    Authorship known = authors(draft("7"), live, made(trial)).authorship();

    assertThat(known.people())
        .extracting(Involved::name)
        .containsExactlyInAnyOrder("cem@example.com", "ben@example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "main", "../x", "--all", "abc", "0000000", "v1"})
  void anInvalidCommitIdNamesNothing(String tag) {
    repository.git("tag", "v1");
    String live = by("lead@example.com", "live");

    Authors authors = authors(draft("7"), live, made(tag));

    assertThat(authors.authorship().people()).isEmpty();
    assertThat(texts(authors)).anyMatch(text -> text.startsWith("the people behind commit"));
    assertThat(texts(authors)).anyMatch(text -> text.contains("two people must approve"));
  }

  @Test
  void aShortIdIsFoundAndABranchOfThatNameIsNot() {
    String trained = by("ana@example.com", "trained");
    String live = by("lead@example.com", "live");
    repository.git("branch", "abcdef12", live);

    assertThat(names(authors(draft("7"), live, made(trained.substring(0, 8)))))
        .containsExactly("ana@example.com");
    assertThat(texts(authors(draft("7"), live, made("abcdef12"))))
        .anyMatch(text -> text.contains("the people behind commit abcdef12"));
  }

  @Test
  void aModelOfAnotherRepositoryNeedsTwoPeopleUnlessItsAuthorsAreNamed() {
    String live = by("lead@example.com", "live");

    assertThat(texts(authors(draft("7"), live, made(ELSEWHERE))))
        .anyMatch(text -> text.contains("the people behind commit eeeeeeeeeeee"))
        .anyMatch(text -> text.contains("--made-by"));

    Authors named = authors(draft("7", "ana@example.com"), live, made(ELSEWHERE));
    assertThat(named.authorship().people())
        .containsExactly(new Involved(Hand.NAMED, "ana@example.com"));
    assertThat(texts(named)).noneMatch(text -> text.contains("two people"));
  }

  @Test
  void aShallowCheckoutReportsWhatIsUnknown() {
    String trained = by("ana@example.com", "trained");
    String live = by("lead@example.com", "live");
    by("ben@example.com", "a");
    by("cem@example.com", "b");
    by("dan@example.com", "c");
    Path clone = folder.resolveSibling("clone");
    repository.git("clone", "-q", "--depth=2", folder.toUri().toString(), clone.toString());

    Draft draft = draft(clone, "7");
    assertThat(texts(authors(draft, live, made(trained))))
        .anyMatch(text -> text.contains("the people behind commit " + trained.substring(0, 12)))
        .anyMatch(text -> text.contains(live + ", which is live in prod, is not in this checkout"));
  }

  @Test
  void aHistoryThatEndsWithinTheRangeIsReported() {
    String live = by("lead@example.com", "live");
    by("ben@example.com", "a");
    by("cem@example.com", "b");
    Path clone = folder.resolveSibling("clone");
    repository.git("clone", "-q", "--depth=1", folder.toUri().toString(), clone.toString());
    new TemporaryRepository(clone).git("fetch", "-q", "--depth=1", "origin", live);

    assertThat(texts(authors(draft(clone, null), live, null)))
        .anyMatch(text -> text.contains("this checkout is shallow"));
  }

  @Test
  void theLastCommitsCountIfThereAreTooMany() {
    String live = by("lead@example.com", "live");
    by("first@example.com", "the first of many");
    StringBuilder commits = new StringBuilder();
    for (int i = 1; i <= 500; i++) {
      commits
          .append("commit refs/heads/main\ncommitter B <ben@example.com> ")
          .append(1_900_000_000 + i)
          .append(" +0000\ndata 1\nx\n")
          .append(i == 1 ? "from refs/heads/main^0\n" : "");
    }
    feed(commits.toString());

    Authorship known = authors(draft(null), live, null).authorship();

    assertThat(known.gaps()).anyMatch(gap -> gap.contains("only the last 500"));
    assertThat(known.people()).extracting(Involved::name).doesNotContain("first@example.com");
    assertThat(known.commits()).hasSize(500);
  }

  @Test
  void aLiveVersionWithoutACommitIsReported() {
    PreflightReport report =
        new PreflightReport(
            true, List.of(), settings(), List.of(), Map.of(), null, null, List.of("prod"));

    assertThat(new Authors(draft(null), report).authorship().gaps())
        .anyMatch(gap -> gap.contains("the commit of the version live in prod"));
  }

  @Test
  void ifEveryoneIsBarredThatIsReportedBeforeTheStart() {
    listed =
        List.of(
            person("owners", "ana@example.com", "Ana Lima"), person("owners", "ben@example.com"));
    String live = by("old@example.com", "live");
    by("Ana Lima", "<>", "hers by her name alone");
    by("lead@example.com", "last");

    List<Finding> some = findings(authors(draft(null), live, null));
    assertThat(some)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.verdict()).isEqualTo(Finding.Verdict.NOTE);
          assertThat(finding.text())
              .startsWith("owners: ben@example.com; not ana@example.com (worked on a commit");
        });

    by("ben@example.com", "another");
    by("lead@example.com", "last again");
    assertThat(findings(authors(draft(null), live, null)))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.verdict()).isEqualTo(Finding.Verdict.LACK);
          assertThat(finding.text()).contains("owners: nobody is left; not ana@example.com");
          assertThat(finding.remedy())
              .contains("add people to these groups")
              .as("whoever starts it, they worked on it")
              .doesNotContain("start it");
        });
  }

  @Test
  void anotherStarterIsProposedOnlyWhereThatLeavesEnoughPeople() {
    String live = by("lead@example.com", "live");
    by("lead@example.com", "last");
    listed = List.of(person("owners", draft(null).start().startedBy()));

    assertThat(findings(authors(draft(null), live, null)))
        .singleElement()
        .extracting(Finding::remedy)
        .asString()
        .contains("let somebody start it");
  }

  @Test
  void twoApproversAreRequiredIfTheAuthorsAreUnknown() {
    listed = List.of(person("owners", "ana@example.com"), person("risk", "rui@example.com"));
    String live = by("lead@example.com", "live");

    assertThat(findings(authors(draft("7"), live, made(ELSEWHERE))))
        .noneMatch(finding -> finding.verdict() == Finding.Verdict.LACK);

    listed = List.of(person("owners", "ana@example.com"));
    assertThat(findings(authors(draft("7"), live, made(ELSEWHERE))))
        .anyMatch(finding -> finding.verdict() == Finding.Verdict.LACK);
  }

  private static ListedPerson person(String group, String... names) {
    return new ListedPerson(List.of(names), List.of(group));
  }

  private static Making made(String commit) {
    return new Making(List.of(commit), List.of("root"), false);
  }

  private String by(String address, String message) {
    return by("A", "<" + address + ">", message);
  }

  private String by(String name, String address, String message) {
    repository.git("config", "user.email", address.replaceAll("[<>]", ""));
    if (address.equals("<>")) {
      repository.git("config", "user.email", "lead@example.com");
    }
    repository.git(
        "commit",
        "-q",
        "--allow-empty",
        "--cleanup=verbatim",
        "-m",
        message,
        "--author",
        name + " " + address);
    return repository.git("rev-parse", "HEAD");
  }

  private void feed(String commands) {
    try {
      Path file = folder.resolveSibling("commands");
      Files.writeString(file, commands);
      Process process =
          new ProcessBuilder("git", "fast-import", "--quiet")
              .directory(folder.toFile())
              .redirectInput(file.toFile())
              .inheritIO()
              .redirectInput(file.toFile())
              .start();
      assertThat(process.waitFor()).isZero();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    repository.git("reset", "-q", "--hard");
  }

  private Draft draft(@Nullable String version, String... madeBy) {
    return draft(folder, version, madeBy);
  }

  private static Draft draft(Path top, @Nullable String version, String... madeBy) {
    StartRequest request =
        StartRequest.of(Path.of("promotion.yaml"))
            .version(version)
            .repository("https://github.com/team/models.git")
            .by("sam@example.com")
            .madeBy(List.of(madeBy))
            .build();
    return new DraftMaker(request, Map.of(), top, false).forStart();
  }

  private Authors authors(Draft draft, String live, @Nullable Making making) {
    return new Authors(
        draft,
        new PreflightReport(
            true, List.of(), settings(), List.of(), Map.of("prod", live), null, making, List.of()));
  }

  private static List<Finding> findings(Authors authors) {
    return authors.findings(authors.authorship());
  }

  private static List<String> texts(Authors authors) {
    return findings(authors).stream().map(Finding::text).toList();
  }

  private static List<String> names(Authors authors) {
    return authors.authorship().people().stream().map(Involved::name).toList();
  }

  private Settings settings() {
    return Settings.of(
            "churn",
            List.of(
                new Station("dev", "databricks", Set.of(), "churn", Marking.STAGES),
                new Station("prod", "databricks", Set.of(), "churn", Marking.ALIASES)),
            "/Shared/churn",
            Identity.CLAIMED,
            Duration.ofMinutes(10))
        .approvals(
            Map.of(
                "prod",
                new ApprovalPolicy("all", List.of("owners"), Map.of(), Duration.ofDays(1), listed)))
        .build();
  }
}
