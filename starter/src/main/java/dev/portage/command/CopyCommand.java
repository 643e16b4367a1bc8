package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import dev.portage.copy.CopyProgress;
import dev.portage.copy.Verify;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.start.VersionUri;
import dev.portage.versioncopy.CopyStart;
import dev.portage.versioncopy.CopyView;
import dev.portage.watch.CopyBar;
import dev.portage.watch.Pending;
import dev.portage.watch.VersionCopies;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "copy",
    description = {
      "Copy one model version to another workspace and register it there.",
      "No alias or stage changes. Safe to rerun: it sends only what is missing."
    })
final class CopyCommand extends BaseCommand {

  @Parameters(
      paramLabel = "URI",
      description = "The version, such as models:/churn/7 or models:/churn/champion.")
  private String uri = "";

  @Option(
      names = "--from",
      paramLabel = "WORKSPACE",
      required = true,
      description = "Source workspace.")
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "WORKSPACE",
      required = true,
      description = "Target workspace.")
  private String to = "";

  @Option(
      names = "--verify",
      paramLabel = "full|sizes",
      converter = VerifyConverter.class,
      description =
          "full: read back every byte. sizes: compare names and sizes. Default: as set in the platform file, else full.")
  private @Nullable Verify verify;

  @Option(names = "--dry-run", description = "Show what would be copied; change nothing.")
  private boolean dryRun;

  @Option(names = "--by", paramLabel = "NAME", description = "Who is copying.")
  private @Nullable String by;

  private final Set<String> said = new HashSet<>();
  private @Nullable String id;

  CopyCommand(CommandEnvironment context) {
    super(context);
  }

  /** A copy that failed, as a JSON document. */
  record Failed(String id, Problem problem, ErrorDocument.Details error, int exit) {}

  @Override
  int run(Screen screen) throws InterruptedException {
    VersionUri version = VersionUri.of(uri);
    CopyStart start =
        new CopyStart(version.model(), version.version(), from, to, verify, dryRun, person(by));
    screen.ifLeft(NOTHING_STARTED);
    try (TemporalConnection connection = connect(screen)) {
      VersionCopies copies =
          new VersionCopies(connection, context().timeouts().look(), context().timeouts().worker());
      screen.ifLeft(
          start.workflowId() + " goes on, if it was started; the same command follows it again");
      id = copies.start(start);
      screen.ifLeft(id + " goes on; the same command follows it again");
      screen.say(id);
      connection.page(start.workflowId()).ifPresent(page -> screen.say("  see " + page));
      VersionCopies.End end = copies.watch(start.workflowId(), pending -> report(screen, pending));
      screen.ifLeft(null);
      screen.endOfBar();
      return switch (end) {
        case VersionCopies.End.Done(CopyView view) -> {
          say(screen, view);
          screen.document(view);
          yield ExitCode.DONE;
        }
        case VersionCopies.End.Failed(Problem problem) -> {
          screen.error(problem.message());
          int exit = problem.kind() == FailureKind.USER ? ExitCode.WRONG : ExitCode.FAILED;
          screen.document(
              new Failed(
                  start.workflowId(), problem, ErrorDocument.Details.of(problem, exit), exit));
          yield exit;
        }
      };
    }
  }

  private void report(Screen screen, List<Pending> pending) {
    for (Pending activity : pending) {
      String trouble = activity.trouble();
      if (trouble != null && activity.attempt() > 1 && said.add(activity.id() + trouble)) {
        screen.say(
            "… retrying (attempt "
                + activity.attempt()
                + "): "
                + trouble.lines().findFirst().orElse(""));
      }
    }
    CopyBar.of(pending).ifPresent(progress -> show(screen, progress));
  }

  private static void show(Screen screen, CopyProgress progress) {
    screen.bar(CopyBar.line(progress), CopyBar.phase(progress.phase()), CopyBar.part(progress));
  }

  private static void say(Screen screen, CopyView view) {
    String source = view.from() + ": " + view.model() + " version " + view.version();
    if (view.phase() == CopyView.Phase.LOOKED) {
      screen.say(
          "would copy "
              + source
              + ", "
              + amount(view)
              + ", to "
              + view.to()
              + ": "
              + view.toModel());
      screen.say("  " + view.methods() + "; nothing was changed");
      return;
    }
    screen.say(source + " → " + view.to() + ": " + view.toModel() + " version " + view.toVersion());
    screen.say(
        "  "
            + amount(view)
            + ", "
            + (view.sentBytes() == null ? "" : CopyBar.bytes(view.sentBytes()) + " sent, ")
            + "digest "
            + (view.digest() == null ? "" : view.digest().substring(0, 12))
            + "; "
            + view.methods());
    if (view.page() != null) {
      screen.say("  see " + view.page());
    }
  }

  private static String amount(CopyView view) {
    return (view.files() == null ? "" : String.format(Locale.ROOT, "%,d files, ", view.files()))
        + (view.bytes() == null ? "" : CopyBar.bytes(view.bytes()));
  }

  @Override
  @Nullable String promotion() {
    return id;
  }

  /** Reads {@code full} or {@code sizes}. */
  static final class VerifyConverter implements ITypeConverter<Verify> {
    @Override
    public Verify convert(String value) {
      return Arrays.stream(Verify.values())
          .filter(verify -> verify.name().toLowerCase(Locale.ROOT).equals(value))
          .findFirst()
          .orElseThrow(() ->
              new TypeConversionException("\"" + value + "\" is unknown; allowed: full, sizes"));
    }
  }
}
