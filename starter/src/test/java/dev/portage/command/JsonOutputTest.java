package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.checkout.TemporaryRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code --output json} a program reads one document, whatever the command's result. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JsonOutputTest {

  private static final ObjectMapper STRICT =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final Map<String, String> NOBODY = Map.of("TEMPORAL_ADDRESS", "127.0.0.1:1");

  /**
   * A command line.
   *
   * @param exit its exit code
   * @param code the code in its error document, "" if it has none
   */
  record Given(String line, int exit, String code, Map<String, String> variables) {
    @Override
    public String toString() {
      return line + (variables.isEmpty() ? "" : " " + variables) + " → " + exit;
    }
  }

  private Town town;
  private Path folder;

  @BeforeAll
  void aTownWithAPromotionThatWaits(@TempDir Path top) throws IOException {
    folder = top;
    TemporaryRepository repository = new TemporaryRepository(top);
    repository
        .write("promotion.yaml", "model: churn\ntrain: train.py\n")
        .write("ended/promotion.yaml", "model: leaves\ntrain: train.py\n")
        .write("broken/promotion.yaml", "model: Broken\ntrian: train.py\n")
        .write("train.py", "# Databricks notebook source\n")
        .write("ended/train.py", "# Databricks notebook source\n")
        .commit("both");
    repository.git("remote", "add", "origin", "https://github.com/team/models.git");
    Files.createDirectories(top.resolve("empty"));
    town = new Town(top).working();
    town.run("start", "promotion.yaml");
    town.run("start", "ended/promotion.yaml");
  }

  @AfterAll
  void theTownCloses() throws IOException {
    town.close();
  }

  static Stream<Given> commands() {
    return Stream.of(
        given("", 0, ""),
        given("init new", 0, ""),
        given("init .", 2, "usage"),
        given("init broken --train no.py", 2, "usage"),
        given("hello", 0, ""),
        given("hello --by x@example.com", 1, "unreachable", NOBODY),
        given("start promotion.yaml", 4, ""),
        given("start ended/promotion.yaml", 0, ""),
        given("start broken/promotion.yaml", 2, "file"),
        given("start none.yaml", 2, "file"),
        given("start promotion.yaml --again", 2, "usage"),
        given("start promotion.yaml --commit 0123456", 2, "git"),
        given("start --again", 2, "usage"),
        given("plan promotion.yaml", 0, ""),
        given("plan promotion.yaml", 1, "unreachable", NOBODY),
        given("status", 4, ""),
        given("status nobody/0123456789ab", 2, "not-found"),
        given("status --output yaml", 2, "usage"),
        given("report", 0, ""),
        given("watch LEAVES", 0, ""),
        given("watch nobody/0123456789ab", 2, "not-found"),
        given("approve", 2, "refused"),
        given("approve nobody/0123456789ab --request prod-1", 2, "not-found"),
        given("reject LEAVES", 2, "refused"),
        given("resume nobody/0123456789ab", 2, "not-found"),
        given("proceed nobody/0123456789ab", 2, "not-found"),
        given("abort nobody/0123456789ab", 2, "not-found"),
        given("cancel LEAVES", 2, "usage"),
        given("list", 2, "usage"),
        given("list --limit 0", 2, "usage"),
        given("history churn", 0, ""),
        given("history churn --at 2026-01-02T03:04:05Z", 0, ""),
        given("history churn --at yesterday", 2, "usage"),
        given("history churn --limit 0", 2, "usage"),
        given("history churn --workspace nowhere", 2, "refused"),
        given("history silent", 1, "failed"),
        given("history a:b", 2, "usage"),
        given("copy models:/churn --from dev --to prod", 2, "file"),
        given("copy models:/churn/7", 2, "usage"),
        given("doctor", 0, ""),
        given("doctor", 1, "preflight", NOBODY),
        given("list", 2, "settings", Map.of("TEMPORAL_ADDRESS", "http://host")),
        given("check portage.yaml", 2, "usage"),
        given("demo", 2, "usage"),
        given("sandbox --fresh", 2, "usage"),
        given("worker", 2, "usage"),
        given("help", 2, "usage"),
        given("rollback churn", 2, "usage"),
        given("rollback churn --reason slow --yes", 0, ""),
        given("rollback churn --reason slow", 2, "usage"),
        given("freeze prod --until 2999-12-31T18:00Z --reason audit", 0, ""),
        given("freeze all --until 2999-12-31T18:00Z --reason audit", 1, "failed"),
        given("freeze prod --until 2020-12-31T18:00Z --reason audit", 2, "usage"),
        given("freeze prod --until 2999-12-31 --reason audit", 2, "usage"),
        given("freeze prod --reason audit", 2, "usage"),
        given("freeze", 2, "usage"),
        given("unfreeze prod --reason over", 0, ""),
        given("unfreeze prod", 2, "usage"),
        given("unfreeze nowhere --reason over", 2, "refused"),
        given("unfreeze filed --reason over", 2, "refused"),
        given("lift churn v4 --reason retrained", 0, ""),
        given("lift churn --reason retrained", 2, "usage"),
        given("lift a:b v4 --reason retrained", 2, "usage"),
        given("adopt churn --workspace prod", 2, "usage"),
        given("adopt known --workspace prod --yes", 0, ""),
        given("--nonsense", 2, "usage"));
  }

  private static Given given(String line, int exit, String code) {
    return new Given(line, exit, code, Map.of());
  }

  private static Given given(String line, int exit, String code, Map<String, String> variables) {
    return new Given(line, exit, code, variables);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void standardOutputIsOneDocumentAndStandardErrorIsEmpty(Given given) throws IOException {
    Town.Ran ran = town.run(given.variables(), json(given.line()));

    assertThat(ran.err()).isEmpty();
    JsonNode document = STRICT.readTree(ran.out());
    assertThat(document.isObject()).as(ran.out()).isTrue();
    assertThat(ran.code()).as(ran.out()).isEqualTo(given.exit());
    assertThat(document.path("error").path("code").asText()).as(ran.out()).isEqualTo(given.code());
    if (!given.code().isEmpty()) {
      assertThat(document.path("error").path("message").asText()).isNotBlank();
      assertThat(document.path("error").path("remedy").asText()).isNotBlank();
      assertThat(document.path("exit").asInt()).isEqualTo(given.exit());
    }
  }

  private String[] json(String line) {
    List<String> words = new ArrayList<>();
    for (String word : line.split(" ", -1)) {
      if (word.equals("LEAVES")) {
        words.add("leaves/" + new TemporaryHead(folder).shortId());
      } else if (!word.isEmpty()) {
        words.add(word);
      }
    }
    words.addAll(List.of("--output", "json"));
    return words.toArray(String[]::new);
  }

  /** The test's commit. */
  private record TemporaryHead(Path top) {
    String shortId() {
      return dev.portage.checkout.Checkout.around(top)
          .orElseThrow()
          .commit("HEAD")
          .substring(0, 12);
    }
  }

  @Test
  void theOptionMayStandBeforeTheCommand() throws IOException {
    Town.Ran ran = town.run("--output", "json", "status");

    assertThat(ran.err()).isEmpty();
    assertThat(STRICT.readTree(ran.out()).path("id").asText()).startsWith("promotion/churn/");
  }

  @Test
  void theRemedyIsSeparateFromTheError() throws IOException {
    JsonNode error =
        STRICT
            .readTree(town.run("status", "nobody/0123456789ab", "--output", "json").out())
            .path("error");

    assertThat(error.path("message").asText())
        .isEqualTo("promotion/nobody/0123456789ab does not exist");
    assertThat(error.path("remedy").asText()).isEqualTo("list promotions with: portage list");
  }

  @Test
  void everyCommandIsCovered() {
    Set<String> tried =
        commands()
            .map(given -> given.line().split(" ", -1)[0])
            .filter(name -> name.matches("[a-z]+"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(HelpTest.listed(town.run("--help").out())).containsExactlyElementsOf(tried);
  }

  @Test
  void textErrorsGoToStandardError() {
    for (Given given :
        commands()
            .filter(one -> !one.code().isEmpty() && one.variables().isEmpty())
            .filter(one -> !one.line().equals("help"))
            .toList()) {
      List<String> words = List.of(json(given.line()));
      Town.Ran ran = town.run(words.subList(0, words.size() - 2).toArray(String[]::new));
      assertThat(ran.err()).as(given.toString()).isNotBlank();
      assertThat(ran.code()).as(given.toString()).isEqualTo(given.exit());
    }
  }
}
