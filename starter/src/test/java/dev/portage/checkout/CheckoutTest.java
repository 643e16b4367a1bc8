package dev.portage.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.gate.Ancestry;
import dev.portage.gate.Ancestry.Relation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutTest {

  private final Path folder;

  CheckoutTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void commitsBeforeACommitAreListedFromTheNewest() {
    TemporaryRepository repository = new TemporaryRepository(folder);
    String first = repository.write("a", "1").commit("first");
    String second = repository.write("a", "2").commit("second");
    String third = repository.write("a", "3").commit("third");
    Checkout checkout = Checkout.around(folder).orElseThrow();
    assertThat(checkout.before(third, 200)).containsExactlyInAnyOrder(second, first);
    assertThat(checkout.before(third, 1)).hasSize(1).doesNotContain(third);
    assertThat(checkout.before(first, 200)).isEmpty();
  }

  @Test
  void aFolderOutsideGitHasNoCheckout() {
    assertThat(Checkout.around(folder)).isEmpty();
  }

  @Test
  void theCommitsFileIsReadWhateverTheWorkingCopyHas() {
    TemporaryRepository repository = new TemporaryRepository(folder);
    String commit = repository.write("models/churn/promotion.yaml", "model: churn\n").commit("one");
    repository.write("models/churn/promotion.yaml", "model: other\n");

    Checkout checkout = Checkout.around(folder.resolve("models/churn")).orElseThrow();

    assertThat(checkout.folder()).isEqualTo("models/churn");
    assertThat(checkout.commit("HEAD")).isEqualTo(commit);
    assertThat(checkout.commit(commit.substring(0, 8))).isEqualTo(commit);
    assertThat(checkout.fileAt(commit, "promotion.yaml"))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .contains("model: churn\n");
    assertThat(checkout.fileAt(commit, "absent.yaml")).isEmpty();
    assertThat(checkout.differs(commit, "promotion.yaml")).isTrue();
    assertThat(checkout.files().uncommitted()).containsExactly("models/churn/promotion.yaml");
  }

  @Test
  void listsTheCommitsNotebooksBelowTheFolder() {
    TemporaryRepository repository = new TemporaryRepository(folder);
    String commit =
        repository
            .write("a/notebooks/train.py", "x")
            .write("a/notebooks/with space.ipynb", "x")
            .write("a/readme.md", "x")
            .write("b/other.py", "x")
            .commit("one");
    repository.write("a/later.py", "x");

    Checkout checkout = Checkout.around(folder.resolve("a")).orElseThrow();

    assertThat(checkout.files().notebooksAt(commit))
        .containsExactlyInAnyOrder("notebooks/train.py", "notebooks/with space.ipynb");
    assertThat(checkout.files().notebooks()).contains("later.py");
  }

  @Test
  void aMissingCommitIsReportedWithTheRemedy() {
    new TemporaryRepository(folder);
    Checkout checkout = Checkout.around(folder).orElseThrow();

    assertThatThrownBy(() -> checkout.commit("HEAD"))
        .isInstanceOf(CheckoutException.class)
        .hasMessageContaining("commit first");
    assertThatThrownBy(() -> checkout.commit("--all"))
        .isInstanceOf(CheckoutException.class)
        .hasMessageContaining("no commit \"--all\"");
  }

  @Test
  void ancestryIsSeenFromTheCandidate() {
    TemporaryRepository repository = new TemporaryRepository(folder);
    String first = repository.commit("first");
    String second = repository.commit("second");
    repository.git("checkout", "--quiet", "-b", "side", first);
    String side = repository.commit("side");
    Checkout checkout = Checkout.around(folder).orElseThrow();

    assertThat(checkout.ancestry(second, List.of(first, second, side, "f".repeat(40))))
        .as("an unknown commit is left out")
        .containsExactly(
            new Ancestry(first, Relation.NEWER),
            new Ancestry(second, Relation.SAME),
            new Ancestry(side, Relation.DIVERGED));
    assertThat(checkout.ancestry(first, List.of(second)))
        .containsExactly(new Ancestry(second, Relation.OLDER));
  }

  @Test
  void aShallowHistoryLeadsToNoWrongAnswer() throws IOException {
    Path origin = Files.createDirectory(folder.resolve("origin"));
    TemporaryRepository repository = new TemporaryRepository(origin);
    String first = repository.commit("first");
    repository.git("branch", "old");
    repository.commit("second");
    String third = repository.commit("third");
    Path clone = folder.resolve("clone");
    repository.git(
        "clone",
        "--quiet",
        "--depth=1",
        "--no-single-branch",
        origin.toUri().toString(),
        clone.toString());
    Checkout checkout = Checkout.around(clone).orElseThrow();

    assertThat(checkout.isShallow()).isTrue();
    assertThat(checkout.ancestry(third, List.of(first)))
        .as("both are there, and what lies between is not")
        .isEmpty();
  }

  @Test
  void aHostingServiceThatCommittedForSomeoneIsNotTheCommitter() {
    TemporaryRepository repository = new TemporaryRepository(folder);
    String own = repository.commit("own");
    repository.git("config", "user.email", "noreply@github.com");
    repository.git(
        "commit", "--quiet", "--allow-empty", "-m", "merged", "--author", "Ben <ben@example.com>");
    Checkout checkout = Checkout.around(folder).orElseThrow();

    assertThat(checkout.committer(own)).contains("ana@example.com");
    assertThat(checkout.committer(checkout.commit("HEAD"))).contains("ben@example.com");
  }
}
