package dev.portage.command;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.Namespace;
import dev.portage.connection.TemporalConnection;
import dev.portage.page.PreflightPage;
import dev.portage.preflight.Finding;
import dev.portage.preflight.PreflightOrder;
import dev.portage.start.Preflight;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description = "Check Temporal and every workspace, and print a fix for each problem.")
final class DoctorCommand extends BaseCommand {

  @Option(names = "--fix", description = "Add search attributes missing from Temporal.")
  private boolean fix;

  DoctorCommand(Surroundings surroundings) {
    super(surroundings);
  }

  /** The JSON document. */
  record Answer(boolean passed, List<Finding> findings) {}

  @Override
  int run(Screen screen) {
    List<Finding> findings = new ArrayList<>();
    try (TemporalConnection connection = connect()) {
      Namespace namespace = new Namespace(connection);
      if (fix) {
        namespace.addSearchAttributes();
      }
      findings.addAll(namespace.inspect());
      if (!Finding.lacks(findings)) {
        workspaces(connection, findings);
      }
    } catch (ConnectionException e) {
      if (e.isWrongUse()) {
        throw e;
      }
      findings.add(
          Finding.unanswered(
              "Temporal", "connection", String.valueOf(e.getMessage()), "./portage sandbox"));
    }
    boolean passed = !Finding.lacks(findings);
    screen.say(PreflightPage.all(findings));
    screen.say(PreflightPage.summary(findings));
    screen.document(new Answer(passed, List.copyOf(findings)));
    return passed ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void workspaces(TemporalConnection connection, List<Finding> findings) {
    try {
      findings.addAll(
          new Preflight(connection, surroundings().pace().worker())
              .look("preflight/doctor", new PreflightOrder(null, null, null, null))
              .findings());
    } catch (ConnectionException e) {
      findings.add(
          Finding.unanswered(
              "workers", "answer", String.valueOf(e.getMessage()), "portage worker"));
    }
  }

  @Override
  @Nullable String promotion() {
    return null;
  }
}
