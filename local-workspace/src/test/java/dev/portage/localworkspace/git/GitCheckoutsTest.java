package dev.portage.localworkspace.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.localworkspace.GitRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
  void exactlyTheFilesOfTheCommitAreThere() throws Exception {
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
  void aBranchIsWhatItIsNowAndATagStays() throws Exception {
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
  void whatIsNotThereIsSaidByName() {
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

  private Path checkOut(GitSource.Kind kind, String reference, String expected) throws Exception {
    Path target = folder.resolve("checkout-" + count++);
    assertThat(checkouts.checkOut(new GitSource(repository.url(), kind, reference), target))
        .isEqualTo(expected);
    assertThat(Files.isDirectory(target)).isTrue();
    return target;
  }
}
