package dev.portage.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code benchmarks/run load}. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = {
      "Many promotions at once, on a real Temporal server and two real MLflow servers, compared with",
      "as many bare workflows with as many activities.",
      "Scenarios: single, waiting, burst, copies, killed, one-model, starts, watchers, junk."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:measured, and everything was exact",
      "1:something was not exact, or did not finish",
      "2:usage error"
    })
public final class LoadCommand implements Callable<Integer> {
  /** In this order: those that wait after the second are what the next ones approve. */
  private static final List<Scenario> SCENARIOS =
      List.of(
          new OneByOne(),
          new Waiting(),
          new Burst(),
          new BesideCopies(),
          new Killed(),
          new OneModel(),
          new Starts(),
          new Watchers(),
          new Junk());

  @Parameters(paramLabel = "SCENARIO", arity = "0..*", description = "Default: all of them.")
  private List<String> wanted = new ArrayList<>();

  @Option(names = "--size", description = "tiny, small or full. Default: full, as in the document.")
  private Size size = Size.FULL;

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description =
          "Where to store the results. Default: .portage/load.json. Results of other scenarios stay if size and machine are the same.")
  private @Nullable Path results;

  @Option(
      names = "--document",
      paramLabel = "FILE",
      description = "Write all stored results into a document such as docs/benchmarks.md.")
  private @Nullable Path document;

  @Option(names = "--no-run", description = "Run nothing; only with --document.")
  private boolean noRun;

  @Option(
      names = "--scratch",
      paramLabel = "FOLDER",
      description = "Folder for up to 60 GB, outside any git checkout. Default: the system's.")
  private @Nullable Path scratch;

  @Option(
      names = "--profile",
      paramLabel = "FOLDER",
      description =
          "Folder for a recording of each worker, to analyze with: jfr view cpu-time-hot-methods")
  private @Nullable Path profile;

  @Override
  public Integer call() throws IOException {
    Path root =
        Path.of(Objects.requireNonNullElse(System.getProperty("portage.root"), "."))
            .toAbsolutePath()
            .normalize();
    Path file = results == null ? root.resolve(".portage/load.json") : results;
    List<String> unknown =
        wanted.stream()
            .filter(name -> SCENARIOS.stream().noneMatch(each -> each.name().equals(name)))
            .toList();
    if (!unknown.isEmpty()) {
      System.err.println("load: no scenario " + String.join(", ", unknown) + "; see --help");
      return 2;
    }
    boolean exact = noRun || run(root, file);
    if (document != null) {
      LoadDocument.write(document, LoadResults.read(file));
    }
    return exact ? 0 : 1;
  }

  private boolean run(Path root, Path file) throws IOException {
    Path folder =
        scratch == null
            ? Path.of(Objects.requireNonNull(System.getProperty("java.io.tmpdir")))
            : scratch;
    List<String> failures = new ArrayList<>();
    try (LoadWorld world = LoadWorld.start(root, folder, profile, LoadCommand::say);
        Bare bare = Bare.like(world, pilot(world))) {
      LoadResults all = LoadResults.in(file, world.machine(), size);
      List<Scenario> scenarios =
          SCENARIOS.stream()
              .filter(each -> wanted.isEmpty() || wanted.contains(each.name()))
              .toList();
      for (Scenario scenario : scenarios) {
        System.err.println(scenario.name() + ": " + scenario.title(size));
        try {
          Outcome outcome = scenario.run(world, size, bare);
          System.out.println(LoadReport.of(outcome));
          all = all.with(outcome);
          all.write(file);
        } catch (LoadException wrong) {
          System.err.println(scenario.name() + ": NOT EXACT: " + wrong.getMessage());
          failures.add(scenario.name() + ": " + wrong.getMessage());
        }
      }
      all.outcomes().forEach(LoadCommand::summary);
    }
    failures.forEach(failure -> System.out.println("NOT EXACT  " + failure));
    return failures.isEmpty();
  }

  private static void say(String line) {
    System.err.println(line);
  }

  private static void summary(Outcome outcome) {
    outcome.aims().forEach(aim -> System.out.printf("%-10s %s%n", outcome.scenario(), aim.shown()));
  }

  /** The first promotion of all, whose activities the bare workflows have as well. */
  private static History pilot(LoadWorld world) throws IOException {
    Promotions one = Promotions.ofModels(world, "pilot", 1, null);
    one.startAndAwait(Scenario.TIMEOUT);
    one.decide();
    one.awaitReleased(Scenario.TIMEOUT);
    return one.histories().getFirst();
  }
}
