package dev.portage.command;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.portage.connection.TemporalConnection;
import dev.portage.page.PreflightPage;
import dev.portage.page.TerminalPage;
import dev.portage.plan.Plan;
import dev.portage.preflight.Finding;
import dev.portage.preflight.PreflightReport;
import dev.portage.promotion.PromotionPage;
import dev.portage.promotion.PromotionState;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.EffectiveValue;
import dev.portage.settings.Settings;
import dev.portage.settings.Threshold;
import dev.portage.start.Authors;
import dev.portage.start.Draft;
import dev.portage.start.PreflightRunner;
import dev.portage.watch.Promotions;
import dev.portage.watch.Rivals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows what a promotion would do, without starting anything. */
final class Planning {

  private final Screen screen;
  private final CommandEnvironment context;

  Planning(Screen screen, CommandEnvironment context) {
    this.screen = screen;
    this.context = context;
  }

  /**
   * A plan as a JSON document.
   *
   * @param id id that the promotion would have
   * @param model name of the model
   * @param source what it is the plan of
   * @param checked what the checks found
   * @param planned what would be done
   * @param earlier id of a promotion that already released it, null when there is none
   * @param error what is lacking, null where nothing is
   * @param exit the exit code
   */
  record PlanView(
      String id,
      String model,
      @JsonUnwrapped Source source,
      @JsonUnwrapped Checked checked,
      @JsonUnwrapped Planned planned,
      @Nullable String earlier,
      ErrorDocument.@Nullable Details error,
      int exit) {

    /**
     * What it is the plan of.
     *
     * @param commit commit it is of, null outside git
     * @param asCommitted whether the file is that commit's own
     */
    record Source(@Nullable String commit, boolean asCommitted) {}

    /**
     * What the checks found.
     *
     * @param passed whether nothing failed
     * @param notes things worth telling
     * @param findings all findings
     */
    record Checked(boolean passed, List<String> notes, List<Finding> findings) {}

    /**
     * What would be done; all empty if something failed.
     *
     * @param plans what each hop will change
     * @param thresholds limits of metrics
     * @param approvals who decides, by target workspace
     * @param settings every value in force with its origin
     */
    record Planned(
        List<Plan> plans,
        List<Threshold> thresholds,
        Map<String, ApprovalPolicy> approvals,
        List<EffectiveValue> settings) {}
  }

  int show(Draft draft, TemporalConnection connection, boolean effective) {
    PreflightReport looked =
        new PreflightRunner(connection, context.timeouts().worker())
            .look(draft.preflightId(), draft.preflightOrder());
    Authors authors = new Authors(draft, looked);
    PreflightReport report =
        looked.passed() ? looked.with(authors.findings(authors.authorship())) : looked;
    String id = draft.start().workflowId();
    screen.say(id + "  plan only; nothing was started");
    List<String> notes = notes(draft, report, connection);
    notes.forEach(note -> screen.say("  ! " + note));
    screen.say("  " + PreflightPage.summary(report.findings()));
    TerminalPage page = new TerminalPage(context.clock());
    screen.say(page.head(PreflightPage.notable(report.findings())));
    Settings settings = report.settings();
    if (settings != null && report.passed()) {
      screen.say(page.body(PreflightPage.gates(settings)));
    }
    report.plans().forEach(plan -> screen.say(page.lines(PromotionPage.plan(plan))));
    if (report.earlier() != null) {
      screen.say("  already released by " + report.earlier());
    }
    if (effective && settings != null) {
      screen.say(List.of("", "  effective settings"));
      screen.say(page.head(List.of(PreflightPage.effective(settings.values()))));
    }
    int exit = report.passed() ? ExitCode.DONE : ExitCode.of(report.findings());
    screen.document(
        new PlanView(
            id,
            draft.start().model(),
            new PlanView.Source(draft.sourceCommit(), draft.asCommitted()),
            new PlanView.Checked(report.passed(), notes, report.findings()),
            new PlanView.Planned(
                report.plans(),
                settings == null ? List.of() : settings.thresholds(),
                settings == null ? Map.of() : settings.approvals(),
                settings == null ? List.of() : settings.values()),
            report.earlier(),
            ErrorDocument.Details.of(report.findings(), PreflightPage.summary(report.findings())),
            exit));
    return exit;
  }

  /** With what a start of it would meet: its own promotion, or others of the model. */
  private static List<String> notes(
      Draft draft, PreflightReport report, TemporalConnection connection) {
    List<String> notes = new ArrayList<>(draft.notes());
    String id = draft.start().workflowId();
    // What is not committed yet belongs to a promotion of the next commit.
    Optional<PromotionState> existing =
        draft.asCommitted() ? new Promotions(connection).state(id) : Optional.empty();
    existing.ifPresent(state ->
        notes.add(
            "its promotion exists, and is "
                + state
                + ", so a start "
                + (state.ended()
                    ? "starts no other one: portage report " + id
                    : "attaches to it: portage status " + id)));
    if (existing.isEmpty()) {
      notes.addAll(new Rivals(connection).lines(draft.start(), report.settings()));
    }
    return notes;
  }
}
