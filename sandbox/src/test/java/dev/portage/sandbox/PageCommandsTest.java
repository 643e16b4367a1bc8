package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.sandbox.demo.DemoCommand;
import dev.portage.worker.CheckCommand;
import dev.portage.worker.WorkerCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the documentation tells people to type exists, and what can be typed is documented. */
class PageCommandsTest {

  private static final Path ROOT = SandboxCommand.root();

  /** The program at the beginning of a line of a listing, or of words set as code. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?m)(?:^ *|`|\\$ |script: |ExecStart=\\S*/bin/|worker-dev |run )(?:sudo )?(?:\\./|[\\w/$\"{}.-]*/bin/)?"
              + "portage (?<line>[a-z][^`\\n#|]*)");

  private static final Pattern OPTION = Pattern.compile("(?<= )--?[a-z][a-z-]*");
  private static final Pattern VARIABLE = Pattern.compile("\\bPORTAGE_[A-Z_]+[A-Z]\\b");

  /** Variables by which parts of Portage talk to each other, or which exist for tests. */
  private static final Set<String> NOT_FOR_PEOPLE =
      Set.of("PORTAGE_KEPT_PID", "PORTAGE_CLASSPATH", "PORTAGE_PRINT_JAVA");

  /** The help of each command, by its name. */
  private static Map<String, String> helps() {
    Commands commands = new Commands(ROOT);
    Map<String, String> helps = new TreeMap<>();
    Matcher listed = Pattern.compile("(?m)^  ([a-z]+)  +\\S").matcher(commands.run("--help").out());
    while (listed.find()) {
      String name = Objects.requireNonNull(listed.group(1));
      helps.put(name, commands.run("help", name).out());
    }
    helps.put("sandbox", help(new KeepCommand()));
    helps.put("demo", help(new DemoCommand()));
    helps.put("worker", help(new WorkerCommand(Map.of(), () -> {})));
    helps.put("check", help(new CheckCommand(Map.of(), ROOT)));
    return helps;
  }

  private static String help(Object command) {
    return new CommandLine(command).getUsageMessage();
  }

  @Test
  void everyCommandOnAPageExistsWithItsOptions() throws IOException {
    Map<String, String> helps = helps();
    assertThat(helps).hasSizeGreaterThan(15);
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    for (Path page : PagesTest.pages()) {
      Matcher command = COMMAND.matcher(Files.readString(page));
      while (command.find()) {
        String line = Objects.requireNonNull(command.group("line")).strip();
        String name = line.split("\\s", 2)[0];
        String help = helps.get(name);
        seen++;
        if (help == null) {
          wrong.add(ROOT.relativize(page) + ": portage " + line);
        } else {
          OPTION
              .matcher(line)
              .results()
              .map(found -> found.group())
              .filter(option -> !help.matches("(?s).*(?<![\\w-])" + option + "(?![\\w-]).*"))
              .forEach(option -> wrong.add(ROOT.relativize(page) + ": " + option + " of " + line));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(seen).isGreaterThan(80);
  }

  @Test
  void everyCommandIsOnThePageOfCommands() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/command.md"));
    assertThat(helps().keySet())
        .allSatisfy(
            name -> assertThat(page).containsAnyOf("`" + name + "`", "`portage " + name + "`"));
  }

  /** One style, so that a list of options can be read down. */
  @Test
  void everyDescriptionIsASentenceWithACapitalAndAFullStop() {
    Map<String, String> wrong = new LinkedHashMap<>();
    int seen = 0;
    for (Map.Entry<String, String> help : helps().entrySet()) {
      String text = help.getValue();
      Matcher option =
          Pattern.compile(
                  "(?m)^ {2,6}(?:-\\w, )?(--[a-z-]+\\S*)(?: +| *\\n +)(\\S(?:.|\\n {10,})*)$")
              .matcher(text);
      while (option.find()) {
        seen++;
        String described = Objects.requireNonNull(option.group(2)).replaceAll("\\s+", " ");
        if (!described.matches("(?:[A-Z]|full:|json ).*[.)]")) {
          wrong.put(help.getKey() + " " + option.group(1), described);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(seen).isGreaterThan(90);
  }

  @Test
  void everyVariableOnAPageIsReadSomewhereAndEachThatIsReadIsOnAPage() throws IOException {
    Set<String> read = new TreeSet<>();
    for (Path file : sources()) {
      VARIABLE.matcher(Files.readString(file)).results().forEach(found -> read.add(found.group()));
    }
    Set<String> told = new TreeSet<>();
    for (Path page : PagesTest.pages()) {
      VARIABLE.matcher(Files.readString(page)).results().forEach(found -> told.add(found.group()));
    }
    assertThat(told).isNotEmpty().isSubsetOf(read);
    read.removeAll(NOT_FOR_PEOPLE);
    assertThat(told).containsAll(read);
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources =
        new ArrayList<>(
            Stream.of("portage", "portage.cmd", "docker-compose.yml").map(ROOT::resolve).toList());
    for (String folder : List.of("deploy", "build")) {
      sources.addAll(below(ROOT.resolve(folder)));
    }
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.map(path -> path.resolve("src/main")).toList()) {
        if (Files.isDirectory(module)) {
          sources.addAll(below(module));
        }
      }
    }
    return sources;
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(Files::isRegularFile)
          .filter(file -> !file.toString().matches(".*\\.(png|lock|json)"))
          .collect(Collectors.toList());
    }
  }
}
