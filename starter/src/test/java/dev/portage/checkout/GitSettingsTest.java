package dev.portage.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person's or repository's Git settings change no result. */
class GitSettingsTest {

  private final Path folder;
  private final TemporaryRepository repository;

  GitSettingsTest(@TempDir Path folder) throws IOException {
    this.folder = Files.createDirectory(folder.resolve("repository"));
    repository = new TemporaryRepository(this.folder);
  }

  @BeforeEach
  void everythingIsSetThatCouldComeBetween() {
    repository.git("config", "log.showSignature", "true");
    repository.git("config", "log.mailmap", "true");
    repository.git("config", "log.decorate", "full");
    repository.git("config", "log.date", "relative");
    repository.git("config", "format.pretty", "format:nobody@example.com");
    repository.git("config", "color.ui", "always");
    repository.git("config", "color.status", "always");
    repository.git("config", "core.quotePath", "true");
    repository.git("config", "core.pager", "sed s/ana/ben/");
    repository.git("config", "i18n.logOutputEncoding", "UTF-16");
    repository.git("config", "status.short", "true");
    repository.git("config", "status.branch", "true");
    repository.git("config", "status.relativePaths", "true");
    repository.git("config", "status.showUntrackedFiles", "no");
    repository.git("config", "diff.external", "false");
    repository.git("config", "alias.cat-file", "!echo nobody");
  }

  @Test
  void aSignedCommitKeepsItsAuthorAndCommitter() throws IOException {
    String commit = signed();

    Checkout checkout = Checkout.around(folder).orElseThrow();

    assertThat(checkout.committer(commit)).contains("lead@example.com");
    assertThat(checkout.people(commit)).containsExactly("dev@example.com", "lead@example.com");
  }

  private String signed() throws IOException {
    Path key = Files.createDirectory(folder.resolve(".key")).resolve("id");
    new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
        .start()
        .onExit()
        .join();
    repository.git("config", "gpg.format", "ssh");
    repository.git("config", "user.signingkey", key.toString());
    repository.git("config", "user.email", "lead@example.com");
    repository.git(
        "commit", "-q", "-S", "--allow-empty", "-m", "signed", "--author", "Dev <dev@example.com>");
    String commit = repository.git("rev-parse", "HEAD");
    assertThat(repository.git("cat-file", "commit", commit)).contains("gpgsig");
    return commit;
  }

  @Test
  void addressesComeFromTheCommitAndNotTheMailmap() {
    String commit =
        repository.write(".mailmap", "Ben <ben@example.com> <ana@example.com>\n").commit("map");

    Checkout checkout = Checkout.around(folder).orElseThrow();

    assertThat(checkout.committer(commit)).contains("ana@example.com");
    assertThat(checkout.people(commit)).containsExactly("ana@example.com");
  }

  @Test
  void aCommitIsReadUnchangedEvenIfReplaced() {
    String first = repository.write("promotion.yaml", "model: churn\n").commit("first");
    repository.git("config", "user.email", "ben@example.com");
    String second = repository.write("promotion.yaml", "model: other\n").commit("second");
    repository.git("replace", second, first);
    repository.write(".git/info/grafts", second + "\n");

    Checkout checkout = Checkout.around(folder).orElseThrow();

    assertThat(checkout.committer(second)).contains("ben@example.com");
    assertThat(checkout.fileAt(second, "promotion.yaml"))
        .map(String::new)
        .contains("model: other\n");
    assertThat(checkout.ancestry(second, List.of(first)))
        .extracting(ancestry -> ancestry.relation().name())
        .as("a graft cuts no history off")
        .containsExactly("NEWER");
  }

  @Test
  void fileNamesAreUnchanged() {
    String commit = repository.write("modèle/prüfung.py", "x").commit("names");
    repository.write("modèle/neu.py", "x");

    Checkout checkout = Checkout.around(folder.resolve("modèle")).orElseThrow();

    assertThat(checkout.files().notebooksAt(commit)).containsExactly("prüfung.py");
    assertThat(checkout.files().uncommitted()).containsExactly("modèle/neu.py");
  }

  @Test
  void aHookOfTheRepositoryIsNotRun() throws IOException {
    repository.commit("one");
    Path hook = folder.resolve("hook");
    Files.writeString(hook, "#!/bin/sh\ntouch " + folder.resolve("ran") + "\n");
    assertThat(hook.toFile().setExecutable(true)).isTrue();
    repository.git("config", "core.fsmonitor", hook.toString());

    Checkout.around(folder).orElseThrow().files().uncommitted();

    assertThat(folder.resolve("ran")).doesNotExist();
  }

  @Test
  void anotherRepositorysVariablesAreIgnoredButSafeDirectoryCounts() {
    Map<String, String> variables =
        new HashMap<>(
            Map.of(
                "GIT_DIR", "/elsewhere/.git",
                "GIT_WORK_TREE", "/elsewhere",
                "GIT_INDEX_FILE", "/elsewhere/index",
                "GIT_OBJECT_DIRECTORY", "/elsewhere/objects",
                "GIT_NAMESPACE", "elsewhere",
                "GIT_EXTERNAL_DIFF", "false",
                "GIT_CONFIG_COUNT", "1",
                "LC_ALL", "de_DE.UTF-8",
                "HOME", "/home/ana"));

    Git.isolate(variables);

    assertThat(variables)
        .doesNotContainKeys(
            "GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_INDEX_FILE",
            "GIT_OBJECT_DIRECTORY",
            "GIT_NAMESPACE",
            "GIT_EXTERNAL_DIFF")
        .containsEntry("LC_ALL", "C")
        .containsEntry("GIT_CONFIG_COUNT", "1")
        .containsEntry("HOME", "/home/ana");
  }
}
