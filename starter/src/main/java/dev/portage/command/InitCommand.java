package dev.portage.command;

import dev.portage.checkout.Checkout;
import dev.portage.checkout.NewRepository;
import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.init.NewProject;
import dev.portage.init.Setup;
import dev.portage.init.Survey;
import dev.portage.start.PromotionFiles;
import dev.portage.start.StartException;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "init",
    description = {
      "Write promotion.yaml for this project, with the notebooks, scripts, jobs and model found in it.",
      "In an empty folder: create a project that the sandbox can release unchanged.",
      "Never overwrites a file."
    })
final class InitCommand extends BaseCommand {

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      description = "Folder of the project, created if it is missing. Default: this one.")
  private @Nullable Path folder;

  @Option(names = "--model", paramLabel = "NAME", description = "Name of the model.")
  private @Nullable String model;

  @Option(
      names = "--train",
      paramLabel = "WHAT",
      description = "What trains: a path, job:NAME, or wheel:PACKAGE:ENTRY-POINT.")
  private @Nullable String train;

  @Option(
      names = "--batch",
      paramLabel = "WHAT",
      description = "What scores: the same forms, or settings:FILE for the settings of a job.")
  private @Nullable String batch;

  @Option(names = "--no-batch", description = "Write no batch scoring.")
  private boolean noBatch;

  @Option(
      names = "--check",
      paramLabel = "WHAT",
      description = "What must pass before training, in the same forms as --train.")
  private @Nullable String check;

  @Option(names = "--table", paramLabel = "NAME", description = "Table of the predictions.")
  private @Nullable String table;

  @Option(
      names = "--gate",
      paramLabel = "LIMIT",
      description = "A metric's limit, such as \"rmse <= 60\". Repeatable.")
  private List<String> gates = List.of();

  private final Supplier<@Nullable String> answers;

  InitCommand(CommandEnvironment context) {
    this(context, InitCommand::typed);
  }

  /**
   * The command.
   *
   * @param answers lines that someone types, null at the end
   */
  InitCommand(CommandEnvironment context, Supplier<@Nullable String> answers) {
    super(context);
    this.answers = answers;
  }

  /**
   * The JSON document.
   *
   * @param model name of the model
   * @param folder the project's folder
   * @param written files that were written, relative to it
   * @param found what was found there, a line each; empty in a new project
   * @param notes what is worth knowing
   * @param next what to type next, in order
   */
  record Answer(
      String model,
      Path folder,
      List<String> written,
      List<String> found,
      List<String> notes,
      List<String> next) {}

  @Override
  int run(Screen screen) {
    Path project = project();
    refuseExisting(project);
    Optional<Checkout> checkout = Checkout.around(project);
    Survey survey = Survey.of(project, checkout);
    Answer answer =
        survey.isEmpty() && train == null
            ? begin(project, checkout)
            : setUp(screen, project, survey);
    show(screen, answer);
    screen.document(answer);
    return ExitCode.DONE;
  }

  private Path project() {
    Path here = context().folder().toAbsolutePath().normalize();
    Path project = folder == null ? here : here.resolve(folder).normalize();
    try {
      return Files.createDirectories(project).toRealPath();
    } catch (IOException e) {
      throw new UsageException(project + " can't be created: " + e.getMessage());
    }
  }

  private static void refuseExisting(Path project) {
    Path file = project.resolve(PromotionFiles.NAME);
    if (Files.exists(file)) {
      throw new UsageException(
          file
              + " exists and was not changed; see what it does with: portage plan "
              + PromotionFiles.NAME
              + ", or remove it first");
    }
  }

  private Answer begin(Path project, Optional<Checkout> checkout) {
    if (!gates.isEmpty() || batch != null || check != null || table != null) {
      throw new UsageException(
          project
              + " has no code for these options; create a project first, with portage init without options");
    }
    String name = model == null ? NewProject.model(name(project)) : model;
    if (!name.matches("[a-z0-9][a-z0-9_-]{0,62}")) {
      throw new UsageException(
          "\""
              + name
              + "\" is not a valid model name; use lower-case letters, digits, \"_\" and \"-\", as"
              + " in: portage init --model "
              + NewProject.model(name)
              + ". If a registered model has that name already, say so in promotion.yaml:"
              + " registered-as: \""
              + name
              + "\"");
    }
    if (checkout.isEmpty()) {
      NewRepository.at(project);
    }
    List<String> written = new ArrayList<>(NewProject.write(project, name));
    if (checkout.isEmpty()) {
      written.add(".git");
    }
    return new Answer(
        name,
        project,
        List.copyOf(written),
        List.of(),
        List.of(),
        next(project, "--all .", "The first model of " + name));
  }

  private Answer setUp(Screen screen, Path project, Survey survey) {
    Setup.Result made =
        new Setup(
                survey,
                new Setup.Choices(model, train, batch, check, table, gates, noBatch),
                (does, lines) -> ask(screen, does, lines))
            .make(name(project));
    if (!NewProject.writeNew(project.resolve(PromotionFiles.NAME), made.text())) {
      refuseExisting(project);
    }
    List<String> written = new ArrayList<>(List.of(PromotionFiles.NAME));
    Optional<Checkout> checkout = Checkout.around(project);
    if (checkout.isEmpty()) {
      NewRepository.at(project);
      written.add(".git");
    }
    // Other files may be someone's work in progress; a new repository has none.
    boolean all = checkout.isEmpty() || checkout.get().newest(1).isEmpty();
    return new Answer(
        made.model(),
        project,
        List.copyOf(written),
        made.found(),
        made.notes(),
        next(
            project,
            all ? "--all ." : PromotionFiles.NAME,
            "Promote " + made.model() + " with Portage"));
  }

  /** Once: who does not answer with a number is shown the options instead. */
  private Optional<Integer> ask(Screen screen, String does, List<String> lines) {
    if (!context().terminal() || output() != Output.TEXT) {
      return Optional.empty();
    }
    screen.say("several candidates are equally likely to be what " + does + ":");
    for (int i = 0; i < lines.size(); i++) {
      screen.say("  " + (i + 1) + "  " + lines.get(i));
    }
    screen.say("which one? (1 to " + lines.size() + ")");
    String answer = answers.get();
    return answer == null || !answer.strip().matches("[0-9]{1,3}")
        ? Optional.empty()
        : Optional.of(Integer.parseInt(answer.strip()) - 1);
  }

  private static @Nullable String typed() {
    return Optional.ofNullable(System.console())
        .filter(Console::isTerminal)
        .map(Console::readLine)
        .orElse(null);
  }

  private List<String> next(Path project, String added, String message) {
    List<String> next = new ArrayList<>();
    Path here = context().folder().toAbsolutePath().normalize();
    if (folder != null && !here.resolve(folder).normalize().equals(here)) {
      next.add("cd " + folder);
    }
    Checkout checkout =
        Checkout.around(project)
            .orElseThrow(() -> new StartException(project + " is not in a Git repository"));
    if (!checkout.knowsWhoCommits()) {
      next.add("git config user.name \"Your Name\"");
      next.add("git config user.email you@example.com");
    }
    next.add("git add " + added);
    next.add("git commit --message \"" + message + "\"");
    if (!isConnected()) {
      next.add("portage sandbox   # in another terminal: Temporal and two workspaces");
    }
    next.add("portage plan " + PromotionFiles.NAME);
    next.add("portage start " + PromotionFiles.NAME);
    return List.copyOf(next);
  }

  /** Whether a Temporal server is named; whether it answers is the next command's to find out. */
  private boolean isConnected() {
    try (TemporalConnection _ =
        TemporalConnection.open(
            context().environment(),
            context().folder(),
            java.time.Duration.ofSeconds(2),
            line -> {})) {
      return true;
    } catch (ConnectionException _) {
      return false;
    }
  }

  private void show(Screen screen, Answer answer) {
    if (!answer.found().isEmpty()) {
      screen.say("found in " + answer.folder() + ":");
      answer.found().forEach(line -> screen.say("  " + line));
    }
    screen.say("wrote " + String.join(", ", answer.written()));
    answer.notes().forEach(note -> screen.say("! " + note));
    screen.say("next:");
    answer.next().forEach(line -> screen.say("  " + line));
  }

  private static String name(Path project) {
    return project.getFileName() == null ? "model" : project.getFileName().toString();
  }

  @Override
  @Nullable String promotion() {
    return null;
  }
}
