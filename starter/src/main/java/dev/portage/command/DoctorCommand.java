package dev.portage.command;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.Namespace;
import dev.portage.connection.TemporalConnection;
import dev.portage.page.PreflightPage;
import dev.portage.page.TerminalPage;
import dev.portage.preflight.Finding;
import dev.portage.preflight.PreflightOrder;
import dev.portage.start.Draft;
import dev.portage.start.DraftMaker;
import dev.portage.start.PreflightRunner;
import dev.portage.start.StartRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "doctor",
    description =
        "Check Temporal and every workspace, and what a promotion.yaml needs of them; print a fix"
            + " for each problem.")
final class DoctorCommand extends BaseCommand {

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "Also check what this promotion.yaml needs, such as your own jobs.")
  private @Nullable Path file;

  @Option(names = "--fix", description = "Add search attributes missing from Temporal.")
  private boolean fix;

  DoctorCommand(CommandEnvironment context) {
    super(context);
  }

  /** The JSON document. */
  record Answer(
      boolean passed, List<Finding> findings, ErrorDocument.@Nullable Details error, int exit) {}

  @Override
  int run(Screen screen) {
    List<Finding> findings = new ArrayList<>();
    Draft draft = file == null ? null : draft(file);
    try (TemporalConnection connection = connect(screen)) {
      Namespace namespace = new Namespace(connection);
      if (fix) {
        namespace.addSearchAttributes();
      }
      findings.addAll(namespace.inspect());
      if (!Finding.anyFailed(findings)) {
        workspaces(connection, draft, findings);
      }
    } catch (ConnectionException e) {
      if (e.isUsageError()) {
        throw e;
      }
      findings.add(
          Finding.unanswered(
              "Temporal",
              "connection",
              String.valueOf(e.getMessage()),
              context().environment().containsKey("TEMPORAL_ADDRESS")
                  ? "correct TEMPORAL_ADDRESS, or ask whoever runs Temporal"
                  : "./portage sandbox"));
    }
    boolean passed = !Finding.anyFailed(findings);
    screen.say(new TerminalPage(context().clock()).head(PreflightPage.all(findings)));
    screen.say(PreflightPage.summary(findings));
    int exit = passed ? ExitCode.DONE : ExitCode.FAILED;
    screen.document(
        new Answer(
            passed,
            List.copyOf(findings),
            ErrorDocument.Details.of(findings, PreflightPage.summary(findings)),
            exit));
    return exit;
  }

  /**
   * Inspects every workspace, and then what the file needs: the team's own jobs are known only from
   * the files that name them.
   */
  private void workspaces(
      TemporalConnection connection, @Nullable Draft draft, List<Finding> findings) {
    PreflightRunner preflight = new PreflightRunner(connection, context().timeouts().worker());
    try {
      Set<Finding> all =
          new LinkedHashSet<>(
              preflight
                  .look("preflight/doctor", new PreflightOrder(null, null, null, null))
                  .findings());
      if (draft != null) {
        all.addAll(preflight.look(draft.preflightId(), draft.preflightOrder()).findings());
      }
      findings.addAll(all);
    } catch (ConnectionException e) {
      findings.add(
          Finding.unanswered(
              "workers", "answer", String.valueOf(e.getMessage()), "portage worker"));
    }
  }

  private Draft draft(Path path) {
    CommandEnvironment here = context();
    boolean sandbox = TemporalConnection.sandbox(here.environment(), here.folder()).isPresent();
    StartRequest request = StartRequest.of(path).build();
    return new DraftMaker(request, here.environment(), here.folder(), sandbox).forPlan();
  }

  @Override
  @Nullable String promotion() {
    return null;
  }
}
