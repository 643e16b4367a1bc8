package dev.portage.localworkspace.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.localworkspace.GitRepository;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitCheckoutsTest {
  @TempDir Path folder;
  private GitRepository repository;
  private GitCheckouts checkouts;
  private int count;

  @BeforeEach
  void start() {
    repository = GitRepository.in(folder.resolve("repository"));
    checkouts = new GitCheckouts(folder.resolve("git"));
  }

  @Test
  void exactlyTheCommitsFilesAreCheckedOut() throws Exception {
    String first = repository.commit(Map.of("a/b.py", "one", "old.py", "old"));
    repository.git("rm", "-q", "old.py");
    String second = repository.commit(Map.of("a/b.py", "two"));

    Path one = checkOut(GitSource.Kind.COMMIT, first, first);
    Path two = checkOut(GitSource.Kind.COMMIT, second, second);

    assertThat(one.resolve("a/b.py")).hasContent("one");
    assertThat(one.resolve("old.py")).exists();
    assertThat(two.resolve("a/b.py")).hasContent("two");
    assertThat(two.resolve("old.py")).doesNotExist();
    assertThat(two.resolve(".git")).doesNotExist();
  }

  @Test
  void aBranchFollowsItsHeadAndATagStays() throws Exception {
    String first = repository.commit(Map.of("x", "1"));
    repository.git("tag", "v1");
    checkOut(GitSource.Kind.BRANCH, "main", first);
    String second = repository.commit(Map.of("x", "2"));

    checkOut(GitSource.Kind.BRANCH, "main", second);
    checkOut(GitSource.Kind.TAG, "v1", first);
  }

  @Test
  void aCommitThatNoBranchHoldsAnyMoreIsStillFound() throws Exception {
    repository.commit(Map.of("x", "1"));
    String lost = repository.commit(Map.of("x", "2"));
    repository.git("reset", "-q", "--hard", "HEAD~1");

    checkOut(GitSource.Kind.COMMIT, lost, lost);
  }

  @Test
  void whatIsNotThereIsReportedByName() {
    repository.commit(Map.of("x", "1"));

    assertThatThrownBy(() -> checkOut(GitSource.Kind.BRANCH, "gone", ""))
        .isInstanceOf(CheckoutFailed.class)
        .hasMessageContaining("branch 'gone' does not exist in " + repository.url());
    assertThatThrownBy(() ->
            checkouts.checkOut(
                new GitSource("file:///no/such/repository", GitSource.Kind.BRANCH, "main"),
                folder.resolve("x")))
        .isInstanceOf(CheckoutFailed.class)
        .hasMessageContaining("/no/such/repository");
  }

  /**
   * Every kind of location that a person's repository may have, with a commit that is on no branch.
   */
  @Test
  void aCommitIsFetchedFromAnyKindOfRepository() throws Exception {
    repository.commit(Map.of("x", "1"));
    Path origin = folder.resolve("repository");
    String odd = "a b's ümläut #1 100%";
    List<Path> places = new ArrayList<>();
    for (String kind : List.of("clone", "clone --bare", "clone --depth 1", "worktree add -q")) {
      Path place = Files.createDirectories(folder.resolve(odd)).resolve(kind.replace(" ", "-"));
      List<String> words = new ArrayList<>(List.of(kind.split(" ")));
      if (kind.startsWith("clone")) {
        words.addAll(List.of("-q", origin.toUri().toString()));
      }
      words.add(place.toString());
      if (!kind.startsWith("clone")) {
        words.add("--detach");
      }
      repository.git(words.toArray(String[]::new));
      places.add(place);
    }
    // A submodule, whose own repository is inside that of the surrounding project.
    Path around = Files.createDirectories(folder.resolve(odd).resolve("around"));
    repository.git("init", "-q", around.toString());
    repository.git(
        "-C",
        around.toString(),
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        origin.toUri().toString(),
        "models");
    places.add(around.resolve("models"));

    for (Path place : places) {
      boolean bare = place.endsWith("clone---bare");
      if (!bare) {
        repository.git("-C", place.toString(), "checkout", "-q", "--detach");
        Files.writeString(place.resolve("x"), place.toString());
        repository.git(
            "-C",
            place.toString(),
            "-c",
            "user.name=Ana",
            "-c",
            "user.email=ana@example.com",
            "-c",
            "commit.gpgsign=false",
            "commit",
            "-q",
            "-a",
            "-m",
            "Here alone");
      }
      String commit = repository.git("-C", place.toString(), "rev-parse", "HEAD").strip();
      Path target = folder.resolve("checkout-" + count++);

      assertThat(
              checkouts.checkOut(
                  new GitSource(place.toUri().toString(), GitSource.Kind.COMMIT, commit), target))
          .as(place.toString())
          .isEqualTo(commit);
      assertThat(target.resolve("x")).hasContent(bare ? "1" : place.toString());
    }
  }

  @Test
  void anotherPersonsRepositoryIsReadIfARunNamesIt() throws Exception {
    String commit = repository.commit(Map.of("x", "1"));
    UserPrincipal other;
    try {
      other =
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
      try (Stream<Path> files = Files.walk(folder.resolve("repository"))) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Files.setOwner(file, other);
        }
      }
    } catch (IOException e) {
      Assumptions.abort("only an administrator can give files away: " + e);
    }

    checkOut(GitSource.Kind.COMMIT, commit, commit);
  }

  private Path checkOut(GitSource.Kind kind, String reference, String expected) throws Exception {
    Path target = folder.resolve("checkout-" + count++);
    assertThat(checkouts.checkOut(new GitSource(repository.url(), kind, reference), target))
        .isEqualTo(expected);
    assertThat(Files.isDirectory(target)).isTrue();
    return target;
  }
}
