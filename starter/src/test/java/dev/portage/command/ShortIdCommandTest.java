package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.checkout.TemporaryRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a server without lists, what the checkout knows is enough. For lists see {@link
 * RealTemporalIT}.
 */
class ShortIdCommandTest {

  private final TemporaryRepository repository;
  @AutoClose private final Town town;
  private final Path top;
  private final String first;

  ShortIdCommandTest(@TempDir Path folder) throws IOException {
    top = folder.resolve("checkout");
    Files.createDirectories(top);
    repository = new TemporaryRepository(top);
    first = repository.commitProject("churn");
    town = new Town(top).working();
  }

  @Test
  void usesTheNewestOfThisCheckoutWithoutAnId() {
    town.run("start", "promotion.yaml");
    String second = repository.write("more.py", "x = 1\n").commit("more");

    assertThat(town.run("status").out()).startsWith("promotion/churn/" + first.substring(0, 12));
    town.run("start", "promotion.yaml");
    assertThat(town.run("status").out()).startsWith("promotion/churn/" + second.substring(0, 12));
    town.run("reject", "--by", "ben@example.com");
    town.run("start", "promotion.yaml", "--again", "--reason", "once more");
    assertThat(town.run("status").out())
        .startsWith("promotion/churn/" + second.substring(0, 12) + "/2");
  }

  @Test
  void aShortIdIsEnough() {
    town.run("start", "promotion.yaml");

    for (String typed :
        new String[] {
          "churn/" + first.substring(0, 4), "promotion/churn/" + first.substring(0, 7)
        }) {
      Town.Ran ran = town.run("status", typed);
      assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.WAITING);
      assertThat(ran.out()).startsWith("promotion/churn/" + first.substring(0, 12) + "\n");
    }
    assertThat(
            town.run("approve", "churn/" + first.substring(0, 5), "--by", "ben@example.com").code())
        .isEqualTo(ExitCode.DONE);
  }

  @Test
  void aVersionIsNotAPrefixOfAnother() {
    town.run("start", "promotion.yaml", "--version", "12");

    assertThat(town.run("status", "churn/v12").out()).startsWith("promotion/churn/v12");
    assertThat(town.run("status", "churn/v1").err()).contains("promotion/churn/v1 does not exist");
  }

  @Test
  void noPromotionIsReportedWithWhatToDo(@TempDir Path elsewhere) {
    assertThat(town.run("status").err()).contains("no promotion of this checkout (churn)");
    assertThat(town.run("status", "churn/ffff").err())
        .contains("promotion/churn/ffff does not exist; list promotions with: portage list");
    Town.Ran outside = town.run(elsewhere, Map.of(), "status");
    assertThat(outside.code()).isEqualTo(ExitCode.WRONG);
    assertThat(outside.err()).contains("which promotion?").contains("portage list");
    repository.git("rm", "--quiet", "promotion.yaml");
    repository.commit("gone");
    assertThat(town.run("watch").err()).contains("has no promotion.yaml");
  }

  @Test
  void aMarkdownReportBeginsWithItsTitle() {
    town.run("start", "promotion.yaml");

    assertThat(town.run("report", "--output", "markdown").out()).startsWith("# churn");
  }
}
