package dev.portage.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file in the working copy compared with the commit's: changed by a person, or only checked out
 * differently.
 */
class WorkingFileTest {

  private static final String LF = "model: churn\ntrain: train.py\n";
  private static final String CRLF = LF.replace("\n", "\r\n");

  private final Path folder;
  private final TemporaryRepository repository;

  WorkingFileTest(@TempDir Path folder) throws IOException {
    this.folder = Files.createDirectories(folder.resolve("repository/churn"));
    repository = new TemporaryRepository(folder.resolve("repository"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*.yaml text eol=lf",
        "*.yaml text eol=crlf",
        "*.yaml text",
        "*.yaml text=auto",
        "*.yaml -text",
        "*.yaml text ident"
      })
  void committedCarriageReturnsAreNoChangeWhateverAttributesSay(String attributes) {
    String commit = repository.write("churn/promotion.yaml", CRLF).commit("from Windows");
    repository.write(".gitattributes", attributes + "\n");
    String later = repository.git("rev-parse", "HEAD");
    repository.git("add", ".gitattributes");
    repository.git("commit", "-q", "-m", "attributes");

    assertUnchanged(commit, CRLF);
    assertUnchanged(repository.git("rev-parse", "HEAD"), CRLF);
    repository.git("rm", "-q", "--cached", "-r", ".");
    repository.git("reset", "-q", "--hard");
    assertUnchanged(later, CRLF);
    assertChangeIsSeenAndTakenBack(CRLF + "gates: {}\r\n");
  }

  @Test
  void carriageReturnsFromACheckoutAreNoChange() {
    repository.write("churn/promotion.yaml", LF).commit("one");
    repository.git("config", "core.autocrlf", "true");
    repository.git("config", "core.safecrlf", "true");
    repository.git("rm", "-q", "--cached", "-r", ".");
    repository.git("reset", "-q", "--hard");

    assertThat(folder.resolve("promotion.yaml")).hasContent(CRLF);
    assertUnchanged("HEAD", LF);
    assertChangeIsSeenAndTakenBack(CRLF + "gates: {}\r\n");
  }

  @Test
  void otherLineEndingsOrAByteOrderMarkAreNoChange() {
    repository.write("churn/promotion.yaml", LF).commit("one");
    repository.write("churn/promotion.yaml", "\ufeff" + CRLF);

    assertUnchanged("HEAD", LF);
  }

  @Test
  void aWorkingTreeEncodingIsNoChange() throws IOException {
    repository
        .write(".gitattributes", "*.yaml text working-tree-encoding=UTF-16\n")
        .commit("attributes");
    Files.write(folder.resolve("promotion.yaml"), LF.getBytes(StandardCharsets.UTF_16));
    String commit = repository.commit("wide");

    assertUnchanged(commit, LF);
    Files.write(
        folder.resolve("promotion.yaml"), (LF + "gates: {}\n").getBytes(StandardCharsets.UTF_16));
    assertThat(checkout().differs(commit, "promotion.yaml")).isTrue();
  }

  @Test
  void aWorkingTreeFilterIsNoChange() {
    repository.git("config", "filter.shout.clean", "tr A-Z a-z");
    repository.git("config", "filter.shout.smudge", "tr a-z A-Z");
    repository.write(".gitattributes", "*.yaml filter=shout\n").commit("attributes");
    repository.write("churn/promotion.yaml", LF).commit("quiet");
    repository.git("rm", "-q", "churn/promotion.yaml");
    repository.git("reset", "-q", "--hard");

    assertThat(folder.resolve("promotion.yaml")).hasContent("MODEL: CHURN\nTRAIN: TRAIN.PY\n");
    assertUnchanged("HEAD", LF);
    assertChangeIsSeenAndTakenBack("MODEL: OTHER\n");
  }

  @Test
  void aChangeIsSeenAlsoWhereGitWasToldToIgnoreIt() {
    repository.write("churn/promotion.yaml", LF).commit("one");
    repository.git("update-index", "--assume-unchanged", "churn/promotion.yaml");

    assertChangeIsSeenAndTakenBack("model: other\n");

    repository.git("update-index", "--skip-worktree", "churn/promotion.yaml");
    repository.write("churn/promotion.yaml", "model: other\n");
    assertThat(checkout().differs("HEAD", "promotion.yaml")).isTrue();
  }

  @Test
  void aStagedChangeIsAChange() {
    repository.write("churn/promotion.yaml", LF).commit("one");
    repository.write("churn/promotion.yaml", "model: other\n").git("add", "--all");

    assertChangeIsSeenAndTakenBack("model: other\n");
  }

  @Test
  void aSparseCheckoutLeavesOutWhatTheCommitHas() {
    repository.write("churn/promotion.yaml", LF).write("other/x", "x").commit("one");
    repository.git("sparse-checkout", "set", "other");

    assertThat(folder).doesNotExist();
    assertUnchanged("HEAD", LF);
    assertThat(checkout().isLeftOut("promotion.yaml")).isTrue();
    assertThat(checkout().folder()).isEqualTo("churn");
  }

  @Test
  void aLinkIsFollowedInsideTheCommitAndNotOutOfIt() throws IOException {
    repository.write("shared/promotion.yaml", LF);
    Files.createSymbolicLink(folder.resolve("promotion.yaml"), Path.of("../shared/promotion.yaml"));
    Files.createSymbolicLink(folder.resolve("outside.yaml"), Path.of("../../promotion.yaml"));
    String commit = repository.commit("link");

    assertUnchanged(commit, LF);
    repository.write("shared/promotion.yaml", "model: other\n");
    assertThat(checkout().differs(commit, "promotion.yaml")).isTrue();
    assertThatThrownBy(() -> checkout().fileAt(commit, "outside.yaml"))
        .isInstanceOf(CheckoutException.class)
        .hasMessageContaining("points outside the repository");
  }

  @Test
  void aWorktreeIsACheckoutLikeAnyOther() {
    String commit = repository.write("churn/promotion.yaml", LF).commit("one");
    Path beside = folder.resolve("../../beside").normalize();
    repository.git("worktree", "add", "-q", "--detach", beside.toString(), commit);
    repository.write("churn/promotion.yaml", "model: other\n");

    Checkout checkout = Checkout.around(beside.resolve("churn")).orElseThrow();

    assertThat(checkout.commit("HEAD")).isEqualTo(commit);
    assertThat(checkout.differs("HEAD", "promotion.yaml")).isFalse();
  }

  @Test
  void aNameInAnotherCaseIsFoundInTheCommit() {
    String commit = repository.write("churn/Promotion.yaml", LF).commit("one");

    assertThat(checkout().fileAt(commit, "promotion.yaml")).isEmpty();
    assertThat(checkout().spelledOtherwise(commit, "promotion.yaml"))
        .contains("churn/Promotion.yaml");
  }

  private void assertUnchanged(String commit, String bytes) {
    String id = checkout().commit(commit);
    assertThat(checkout().fileAt(id, "promotion.yaml"))
        .map(found -> new String(found, StandardCharsets.UTF_8))
        .contains(bytes);
    assertThat(checkout().differs(id, "promotion.yaml")).isFalse();
  }

  /** Runs the command in the message exactly as it is written. */
  private void assertChangeIsSeenAndTakenBack(String changed) {
    repository.write("churn/promotion.yaml", changed);
    String head = checkout().commit("HEAD");
    assertThat(checkout().differs(head, "promotion.yaml")).isTrue();
    String command = checkout().takeBack(head.substring(0, 12), "promotion.yaml");
    try {
      Process shell =
          new ProcessBuilder("sh", "-c", command).directory(folder.toFile()).inheritIO().start();
      assertThat(shell.waitFor()).as(command).isZero();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(checkout().differs(head, "promotion.yaml")).as(command).isFalse();
  }

  private Checkout checkout() {
    return Checkout.around(folder).orElseThrow();
  }
}
