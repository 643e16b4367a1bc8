package dev.portage.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.kind.KnownKinds;
import dev.portage.platform.FileCheck;
import dev.portage.platform.Platform;
import dev.portage.settings.RunningSandbox;
import dev.portage.text.Visible;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code portage check}: whether files are right, by nothing but their text. */
@Command(
    name = "portage check",
    description =
        "Check platform files and promotion.yaml files: report every error, with its line and what is allowed. Reads no secret and calls no server. A promotion.yaml is also compared with the platform file, and the notebooks and scripts it names have to be there.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:no errors", "2:usage or file error"})
public final class CheckCommand implements Callable<Integer> {

  private static final int DONE = 0;
  private static final int WRONG = 2;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** How results are shown. */
  enum Format {
    text,
    json
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Files to check. Default: portage.yaml and promotion.yaml, if they exist.")
  private List<Path> files = List.of();

  @Option(
      names = "--platform",
      paramLabel = "FILE",
      description =
          "The platform file that a promotion.yaml is compared with. Default: the one among FILE, else PORTAGE_PLATFORM, else ./portage.yaml if it exists, else that of the running sandbox.")
  private @Nullable Path platform;

  @Option(
      names = "--sandbox",
      paramLabel = "NAME|FOLDER",
      description =
          "Compare with the platform file of this running sandbox. Default: this folder's, else the nearest.")
  private @Nullable String sandbox;

  @Option(
      names = "--output",
      paramLabel = "text|json",
      description = "Output format; json prints one document.")
  private Format output = Format.text;

  @Spec private @Nullable CommandSpec spec;

  private final Map<String, String> environment;
  private final Path folder;
  private final Supplier<Optional<RunningSandbox>> sandboxes;

  /**
   * Makes the command.
   *
   * @param environment variables by name
   * @param folder in which files are looked for
   */
  public CheckCommand(Map<String, String> environment, Path folder) {
    this(environment, folder, () -> ServiceLoader.load(RunningSandbox.class).findFirst());
  }

  CheckCommand(
      Map<String, String> environment, Path folder, Supplier<Optional<RunningSandbox>> sandboxes) {
    this.environment = Map.copyOf(environment);
    this.folder = folder;
    this.sandboxes = sandboxes;
  }

  /** Checks and ends the process. */
  public static void main(String[] arguments) {
    // Unconfigured, libraries would log every schema to standard output.
    WorkerCommand.configureLogging();
    System.exit(
        new CommandLine(new CheckCommand(System.getenv(), Path.of("")))
            .setParameterExceptionHandler(WorkerCommand::usageError)
            .execute(WorkerCommand.withoutItsName("check", arguments)));
  }

  /**
   * What came of one file.
   *
   * @param file as it was named
   * @param says what a right one comes to; empty for a wrong one
   * @param errors in order of lines
   */
  private record Checked(String file, List<String> says, List<ValidationError> errors) {}

  @Override
  public Integer call() {
    CommandLine line = Objects.requireNonNull(spec, "set by picocli").commandLine();
    if (platform != null && sandbox != null) {
      line.getErr().println("give either --platform or --sandbox: both name a platform file");
      return WRONG;
    }
    List<Path> wanted = wanted();
    if (wanted.isEmpty()) {
      line.getErr()
          .println(
              "no file given, and neither portage.yaml nor promotion.yaml is here; name one: portage check FILE");
      return WRONG;
    }
    FileCheck check = new FileCheck(KnownKinds.all());
    List<Checked> all = new ArrayList<>();
    Platform against = null;
    List<Path> promotions = new ArrayList<>();
    for (Path file : wanted) {
      if (check.isPlatform(file)) {
        Reading<Platform> reading = check.platform(file);
        all.add(checked(file, reading));
        against = reading instanceof Reading.Good<Platform>(Platform good) ? good : against;
      } else {
        promotions.add(file);
      }
    }
    boolean platformAmongThem = all.size() > 0;
    Path beside;
    try {
      beside = promotions.isEmpty() || platformAmongThem ? null : beside(line.getErr());
    } catch (RunningSandbox.UnclearException e) {
      line.getErr().println(Visible.line(String.valueOf(e.getMessage())));
      return WRONG;
    }
    if (beside != null) {
      Reading<Platform> reading = check.platform(beside);
      all.add(checked(beside, reading));
      against = reading instanceof Reading.Good<Platform>(Platform good) ? good : null;
    }
    for (Path file : promotions) {
      all.add(
          switch (check.promotion(file, against)) {
            case Reading.Good<List<String>>(List<String> says) ->
                new Checked(file.toString(), says, List.of());
            case Reading.Wrong<List<String>>(List<ValidationError> errors) ->
                new Checked(file.toString(), List.of(), errors);
          });
    }
    boolean passed = all.stream().allMatch(one -> one.errors().isEmpty());
    show(line.getOut(), all, passed);
    return passed ? DONE : WRONG;
  }

  private static Checked checked(Path file, Reading<Platform> reading) {
    return switch (reading) {
      case Reading.Good<Platform>(Platform platform) ->
          new Checked(file.toString(), FileCheck.says(platform), List.of());
      case Reading.Wrong<Platform>(List<ValidationError> errors) ->
          new Checked(file.toString(), List.of(), errors);
    };
  }

  private List<Path> wanted() {
    return files.isEmpty()
        ? Stream.of("portage.yaml", "promotion.yaml")
            .map(folder::resolve)
            .filter(Files::exists)
            .toList()
        : files.stream().map(folder::resolve).toList();
  }

  /** A sandbox that is named wins over files that are only there. */
  private @Nullable Path beside(PrintWriter err) {
    if (platform != null) {
      return folder.resolve(platform);
    }
    Map<String, String> chosen = new HashMap<>(environment);
    if (sandbox != null) {
      chosen.put(RunningSandbox.VARIABLE, sandbox);
    }
    if (!chosen.getOrDefault(RunningSandbox.VARIABLE, "").isBlank()) {
      return ofSandbox(chosen, err);
    }
    String named = environment.get("PORTAGE_PLATFORM");
    Path here = folder.resolve(named == null || named.isBlank() ? "portage.yaml" : named);
    return named != null || Files.exists(here) ? here : ofSandbox(chosen, err);
  }

  private @Nullable Path ofSandbox(Map<String, String> chosen, PrintWriter err) {
    // In JSON the document alone is said.
    Consumer<String> notes =
        note -> {
          if (output == Format.text) {
            err.println(Visible.line(note));
          }
        };
    return sandboxes
        .get()
        .flatMap(sandboxes -> sandboxes.platform(chosen, folder.toString(), notes))
        .map(Path::of)
        .orElse(null);
  }

  private void show(PrintWriter out, List<Checked> all, boolean passed) {
    if (output == Format.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("passed", passed);
      document.put("files", all);
      document.put("exit", passed ? DONE : WRONG);
      try {
        out.println(JSON.writeValueAsString(document));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("records can always be written", e);
      }
    } else {
      for (Checked one : all) {
        one.errors().forEach(error -> out.println(Visible.line(error.toString())));
        if (one.errors().isEmpty()) {
          out.println(Visible.line(one.file() + ": valid"));
          one.says().forEach(says -> out.println("  " + Visible.line(says)));
        }
      }
    }
    out.flush();
  }
}
