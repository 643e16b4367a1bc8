package dev.portage.command;

import dev.portage.azuredevops.LoggingCommands;
import dev.portage.azuredevops.Pipeline;
import dev.portage.live.LiveState;
import dev.portage.live.LiveStates;
import dev.portage.page.Moments;
import dev.portage.promotion.PromotionPage;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import dev.portage.release.Release;
import dev.portage.text.MarkdownPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a pipeline's agent learns about a promotion: variables, a page, and why it failed. */
final class AgentReport {

  private final Screen screen;
  private final CommandEnvironment context;

  AgentReport(Screen screen, CommandEnvironment context) {
    this.screen = screen;
    this.context = context;
  }

  void report(PromotionView view) {
    if (!screen.isAzureDevOps()) {
      return;
    }
    screen.order(LoggingCommands.output("promotionId", view.id()));
    screen.order(LoggingCommands.output("state", view.state().name()));
    screen.order(LoggingCommands.output("version", version(view)));
    endpoint(view.releases().isEmpty() ? null : view.releases().getLast()).forEach(screen::order);
    view.left()
        .forEach(left ->
            screen.order(
                LoggingCommands.warning(view.id() + " is live, but unfinished: " + left.text())));
    summary(
        MarkdownPage.of(
            PromotionPage.report(view), moment -> Moments.text(moment, context.clock())));
    if (view.state() == PromotionState.SUPERSEDED) {
      screen.order(LoggingCommands.warning(view.id() + ": " + view.says()));
    }
    if (view.state() == PromotionState.STOPPED
        || view.state() == PromotionState.REJECTED
        || view.state() == PromotionState.FAILED
        || view.state() == PromotionState.CANCELLED) {
      screen.order(LoggingCommands.error(view.id() + ": " + view.says()));
    }
  }

  /**
   * Waiting for people leaves a pipeline green, and so does a newer commit that took its place,
   * unless it requested otherwise.
   */
  int exitCode(PromotionView view, boolean strict) {
    int code = ExitCode.of(view);
    boolean harmless = code == ExitCode.WAITING || view.state() == PromotionState.SUPERSEDED;
    return harmless && screen.isAzureDevOps() && !strict ? ExitCode.DONE : code;
  }

  private void summary(String page) {
    try {
      Optional<Path> folder = Pipeline.of(context.environment()).flatMap(Pipeline::folder);
      Path file =
          folder.isPresent()
              ? Files.createTempFile(folder.get(), "portage-report-", ".md")
              : Files.createTempFile("portage-report-", ".md");
      Files.writeString(file, page);
      screen.order(LoggingCommands.summary(file));
    } catch (IOException e) {
      screen.order(LoggingCommands.warning("cannot write the report: " + e.getMessage()));
    }
  }

  /** Where what is live is asked, and whether it answered; "" where nothing is served. */
  static List<String> endpoint(@Nullable Release release) {
    LiveState endpoint = release == null ? null : LiveStates.endpointOf(release);
    String address = endpoint == null ? null : LiveStates.endpointAddress(endpoint);
    String ready = endpoint == null ? null : LiveStates.endpointReady(endpoint);
    return List.of(
        LoggingCommands.output("scoringUri", Objects.requireNonNullElse(address, "")),
        LoggingCommands.output("endpointState", Objects.requireNonNullElse(ready, "")));
  }

  /** The version that is live, else the newest created; "" before there is one. */
  private static String version(PromotionView view) {
    if (!view.releases().isEmpty()) {
      return view.releases().getLast().version();
    }
    return view.versions().isEmpty() ? "" : view.versions().getLast().version();
  }
}
