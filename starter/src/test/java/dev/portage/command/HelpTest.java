package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelpTest {

  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("portage.root")));

  private final Path folder;

  HelpTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Names of the commands listed in a help text, in alphabetical order. */
  static Set<String> listed(String help) {
    return Pattern.compile("(?m)^  ([a-z]+)  +\\S")
        .matcher(help)
        .results()
        .map(found -> String.valueOf(found.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void listsEveryCommandIncludingTheLaunchers() throws IOException {
    Set<String> listed = listed(run("--help").out());

    assertThat(listed)
        .contains("demo", "sandbox", "worker", "init", "hello", "start", "approve", "help");
    String launcher = Files.readString(ROOT.resolve("portage"));
    String own = launcher.substring(launcher.lastIndexOf("case ${1:-} in"));
    Set<String> started =
        Pattern.compile("(?m)^  ([a-z| ]+)\\)")
            .matcher(own)
            .results()
            .flatMap(found ->
                Pattern.compile("[a-z]+").matcher(String.valueOf(found.group(1))).results())
            .map(found -> String.valueOf(found.group()))
            .collect(Collectors.toSet());
    assertThat(started).contains("demo", "sandbox", "worker");
    assertThat(listed).containsAll(started);
  }

  @Test
  void helpForACommandShowsThatCommand() {
    assertThat(run("help").out()).isEqualTo(run("--help").out());
    for (String command : listed(run("--help").out())) {
      if (!command.equals("help")) {
        assertThat(run("help", command).out())
            .contains("portage " + command)
            .isEqualTo(run(command, "--help").out());
      }
    }
    Town.Ran unknown = run("help", "frobnicate");
    assertThat(unknown.code()).isEqualTo(ExitCode.WRONG);
    assertThat(unknown.err()).contains("frobnicate");
  }

  @Test
  void helpNamesWhatACommandWorksOn() {
    for (String any : List.of("status", "watch", "report", "resume", "cancel")) {
      assertThat(run(any, "--help").out())
          .contains("rollback/prod/churn/1", "adopt/prod/churn", "watch/prod/churn/3");
    }
    for (String asking : List.of("approve", "reject")) {
      assertThat(run(asking, "--help").out())
          .contains("rollback/prod/churn/1")
          .doesNotContain("adopt", "watch");
    }
    for (String traffic : List.of("proceed", "abort")) {
      assertThat(run(traffic, "--help").out())
          .contains("Only while a promotion moves traffic.", "churn/0123456789ab")
          .doesNotContain("rollback", "adopt", "watch");
    }
  }

  @Test
  void everyCodeOfAFailureIsOnThePageOfCommands() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/command.md"));
    for (ErrorDocument.Code code : ErrorDocument.Code.values()) {
      assertThat(page).contains("`" + code.typed() + "`");
    }
  }

  @Test
  void aLauncherCommandThatArrivesHereExplainsHowToRunIt() {
    Town.Ran ran = run("sandbox", "--fresh");

    assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err())
        .contains(
            "./portage sandbox --fresh, in a checkout of Portage; see: portage sandbox --help");
    assertThat(run("--sandbox", "civ", "check", "promotion.yaml").err())
        .contains("check is run by another program, so it comes first")
        .contains(": portage check promotion.yaml; see: portage check --help")
        .doesNotContain("./portage", "checkout");
  }

  private Town.Ran run(String... arguments) {
    return new Terminal(folder, Map.of()).run(arguments);
  }
}
