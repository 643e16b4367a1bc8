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

class PeopleTest {

  private final Path folder;
  private final TemporaryRepository repository;

  PeopleTest(@TempDir Path folder) throws IOException {
    this.folder = Files.createDirectory(folder.resolve("repository"));
    repository = new TemporaryRepository(this.folder);
  }

  @Test
  void findsASquashedCommitsAuthorCommitterAndCoAuthors() {
    String commit =
        by(
            "lead@example.com",
            "Ana <ana@example.com>",
            """
            Scores by region (#12)

            * first step

            co-authored-by: Ben <ben@example.com>
            CO-AUTHORED-BY:
              Cem <cem@example.com>
            Co-Authored-By: Dev <dev@example.com>, Eva <eva@example.com>
            Co-developed-by: Fay
             <fay@example.com>
            Co-authored-by: gil@example.com
            Signed-off-by: Lee <lee@example.com>
            """);

    assertThat(people(commit))
        .containsExactly(
            "ana@example.com",
            "lead@example.com",
            "ben@example.com",
            "cem@example.com",
            "dev@example.com",
            "eva@example.com",
            "fay@example.com",
            "gil@example.com");
  }

  @Test
  void coAuthorsAreFoundWhereverServicesPutThem() {
    String commit =
        by(
            "lead@example.com",
            "Ana <ana@example.com>",
            "Merged PR 7\n\nCo-authored-by: Ben <ben@example.com>\r\n\n---------\n\nRelated work items: #3");

    assertThat(people(commit)).contains("ben@example.com");
  }

  @Test
  void aServiceThatCommittedForSomeoneIsNotAPerson() {
    String commit = by("noreply@github.com", "Ana <ana@example.com>", "merged");

    assertThat(people(commit)).containsExactly("ana@example.com");
  }

  @Test
  void peopleWithoutAnAddressGoByName() {
    String commit = by("lead@example.com", "Ana Moll <>", "no address");

    assertThat(people(commit)).containsExactly("Ana Moll", "lead@example.com");
  }

  @Test
  void aCommitInAnotherEncodingIsReadCorrectly() throws IOException {
    repository.git("config", "i18n.commitEncoding", "ISO-8859-1");
    Path message = folder.resolve("message");
    Files.write(
        message,
        "x\n\nCo-authored-by: J\u00fcrgen <j\u00fcrgen@example.com>\n"
            .getBytes(StandardCharsets.ISO_8859_1));
    repository.git("commit", "-q", "--allow-empty", "-F", message.toString());

    assertThat(people("HEAD")).containsExactly("ana@example.com", "j\u00fcrgen@example.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "* Co-authored-by: Ben <ben@example.com>",
        "> Co-authored-by: Ben <ben@example.com>",
        "  - co-authored-by : Ben <ben@example.com>",
        "Co\u2011authored\u2011by: Ben <ben@example.com>",
        "Co-authored-by\uff1a Ben <ben@example.com>",
        "Co_authored_by: ben@example.com",
        "Co-authored by: Ben <ben@example.com>",
        "Co-author: Ben <ben@example.com>",
        "Coauthors: Ben <ben@example.com>"
      })
  void aCoAuthorIsFoundHoweverTheLineIsWritten(String line) {
    String object = "tree 4b82\nauthor Ana <ana@example.com> 1 +0000\n\nx\n\n" + line + "\n";

    assertThat(Commit.read(object.getBytes(StandardCharsets.UTF_8)).people())
        .containsExactly("ana@example.com", "ben@example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-32LE", "IBM037", "ISO-2022-JP", "none", "a b", ""})
  void aWrongEncodingDeclarationHidesNobody(String encoding) {
    String object =
        """
        tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904
        author An\u001b$B <ana@example.com> 1795937570 +0000
        committer Lead <lead@example.com> 1795937570 +0000
        encoding %s

        x

        Co-authored-by: Ben <ben@example.com>
        """
            .formatted(encoding);

    assertThat(Commit.read(object.getBytes(StandardCharsets.US_ASCII)).people())
        .containsExactly("ana@example.com", "lead@example.com", "ben@example.com");
  }

  @Test
  void authorsOfMergedCommitsAreInvolved() {
    repository.commit("root");
    repository.git("checkout", "-q", "-b", "feature");
    by("ben@example.com", "Ben <ben@example.com>", "a");
    by("cem@example.com", "Dev <dev@example.com>", "b\n\nCo-authored-by: E <eva@example.com>");
    repository.git("checkout", "-q", "main");
    by("old@example.com", "Old <old@example.com>", "beside it");
    repository.git("config", "user.email", "lead@example.com");
    repository.git("merge", "-q", "--no-ff", "-m", "merge feature", "feature");

    assertThat(people("HEAD"))
        .as("and nobody of what was there before")
        .containsExactlyInAnyOrder(
            "lead@example.com",
            "ben@example.com",
            "cem@example.com",
            "dev@example.com",
            "eva@example.com");
  }

  @Test
  void unknownPeopleOfAMergeAreReported() {
    repository.commit("root");
    repository.git("checkout", "-q", "-b", "feature");
    by("ben@example.com", "Ben <ben@example.com>", "a");
    by("ben@example.com", "Ben <ben@example.com>", "b");
    repository.git("checkout", "-q", "main");
    repository.commit("beside it");
    repository.git("merge", "-q", "--no-ff", "-m", "merge feature", "feature");
    String plain = repository.commit("after it");

    for (int depth = 1; depth <= 3; depth++) {
      Path clone = folder.resolveSibling("clone" + depth);
      repository.git(
          "clone", "-q", "--depth=" + depth, folder.toUri().toString(), clone.toString());
      Checkout shallow = Checkout.around(clone).orElseThrow();
      assertThat(shallow.people(plain)).as("no merge").containsExactly("ben@example.com");
      String merge = depth == 1 ? null : shallow.commit("HEAD~1");
      if (merge != null) {
        assertThatThrownBy(() -> shallow.people(merge))
            .isInstanceOf(CheckoutException.class)
            .hasMessageContaining("this checkout is shallow")
            .hasMessageContaining("fetchDepth: 0");
      }
    }
  }

  @Test
  void moreThanAPromotionCanCarryIsRefused() {
    StringBuilder message = new StringBuilder("all of us\n\n");
    for (int i = 0; i < 2000; i++) {
      message.append("Co-authored-by: N <person").append(i).append("@example.com>\n");
    }
    String commit = by("lead@example.com", "Ana <ana@example.com>", message.toString());

    assertThatThrownBy(() -> people(commit))
        .isInstanceOf(CheckoutException.class)
        .hasMessageContaining("names 2002 people");
  }

  private String by(String committer, String author, String message) {
    repository.git("config", "user.email", committer);
    repository.git(
        "commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message, "--author", author);
    return repository.git("rev-parse", "HEAD");
  }

  private java.util.List<String> people(String commit) {
    Checkout checkout = Checkout.around(folder).orElseThrow();
    return checkout.people(checkout.commit(commit));
  }
}
