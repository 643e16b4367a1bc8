package dev.portage.command;

import dev.portage.azuredevops.LoggingCommands;
import dev.portage.checkout.CheckoutException;
import dev.portage.connection.Namespace;
import dev.portage.connection.TemporalConnection;
import dev.portage.hello.HelloView;
import dev.portage.page.Moments;
import dev.portage.page.PreflightPage;
import dev.portage.page.TerminalPage;
import dev.portage.preflight.Finding;
import dev.portage.start.Hello;
import dev.portage.start.StartException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "hello",
    description = {
      "Start the smallest workflow, to show that Temporal and a worker are running.",
      "It contacts no workspace and changes nothing."
    })
final class HelloCommand extends BaseCommand {

  @Option(names = "--by", paramLabel = "NAME", description = "Who says hello.")
  private @Nullable String by;

  private @Nullable String id;

  HelloCommand(CommandEnvironment context) {
    super(context);
  }

  /**
   * The JSON document.
   *
   * @param id workflow id
   * @param says what came back
   * @param page its page in the Web UI, null where none is known
   * @param findings what was looked at on the way
   */
  record Answer(String id, String says, @Nullable URI page, List<Finding> findings) {}

  @Override
  int run(Screen screen) {
    String person = by == null ? anybody() : person(by);
    try (TemporalConnection connection = connect(screen)) {
      List<Finding> findings = new Namespace(connection).inspect();
      screen.say(new TerminalPage(context().clock()).head(PreflightPage.all(findings)));
      Hello hello = new Hello(connection, context().timeouts().worker());
      id = hello.start(person, context().environment());
      URI page = connection.page(id).orElse(null);
      screen.say("  ✓ workflow " + id + ": started");
      screen.say(page == null ? withoutPage(connection) : "    see " + page);
      HelloView view = hello.await(id);
      screen.say(
          "  ✓ a worker answered at "
              + Moments.text(view.at(), context().clock())
              + ": "
              + view.says());
      screen.say("nothing was changed; next: " + next());
      screen.order(LoggingCommands.output("helloId", id));
      screen.document(new Answer(id, view.says(), page, findings));
      return ExitCode.DONE;
    }
  }

  /** The server inside Portage has no Web UI; of any other the address may not be known here. */
  private static String withoutPage(TemporalConnection connection) {
    return new Namespace(connection).canList()
        ? "    see Temporal's Web UI, namespace " + connection.namespace()
        : "    without a page: the Temporal server inside Portage has no Web UI; for one, put the"
            + " program temporal on the PATH (build/temporal builds it)";
  }

  private String next() {
    return Files.exists(context().folder().resolve(FileOptions.USUAL))
        ? "portage plan " + FileOptions.USUAL
        : "portage init, in the folder of your model";
  }

  /** Hello works without a known name, too: it decides nothing. */
  private String anybody() {
    try {
      return person(null);
    } catch (StartException | CheckoutException _) {
      return "someone";
    }
  }

  @Override
  @Nullable String promotion() {
    return id;
  }
}
