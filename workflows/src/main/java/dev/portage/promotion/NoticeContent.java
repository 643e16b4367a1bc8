package dev.portage.promotion;

import dev.portage.approval.Escalation;
import dev.portage.approval.Needed;
import dev.portage.approval.Request;
import dev.portage.gate.GateResult;
import dev.portage.notice.Notice;
import dev.portage.notice.NoticeKind;
import dev.portage.plan.Plan;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a notice says, taken from what the page says at that moment. */
final class NoticeContent {

  private NoticeContent() {}

  /**
   * The notice.
   *
   * @param request what it is about, null for none
   */
  static Notice of(String id, NoticeKind kind, PromotionView view, @Nullable Request request) {
    return Notice.of(
            id,
            kind,
            PromotionProgress.now(),
            view.id(),
            Workflow.getInfo().getRunId(),
            view.model(),
            view.state().name(),
            view.startedBy())
        .says(view.says())
        .commit(view.commit())
        .next(view.next())
        .request(request == null ? null : asked(view, request))
        .decisions(request == null ? List.of() : decided(view, request))
        .problem(Notice.Trouble.of(view.problem()))
        .live(
            view.releases().stream()
                .map(release -> "v" + release.version() + " in " + release.workspace())
                .toList())
        .build();
  }

  private static Notice.Asked asked(PromotionView view, Request request) {
    Escalation escalation = request.escalation();
    Plan plan = request.plan();
    return Notice.Asked.of(
            request.name(),
            request.target(),
            request.evidence().outcome().name().toLowerCase(Locale.ROOT),
            Needed.text(missing(view, request)),
            request.expires())
        .gates(request.evidence().results().stream().map(NoticeContent::line).toList())
        .changes(
            plan.actions().stream()
                .map(action ->
                    action.what()
                        + ": "
                        + action.shownNow(plan.versions())
                        + " → "
                        + action.shownThen(plan.versions()))
                .toList())
        .also(
            escalation == null ? null : escalation.from(),
            escalation == null ? List.of() : escalation.groups())
        .build();
  }

  private static String line(GateResult result) {
    return result.outcome().name().toLowerCase(Locale.ROOT)
        + ": "
        + result.gate()
        + " "
        + result.measured()
        + ", required: "
        + result.required();
  }

  /** Groups whose approval a request still lacks. */
  private static List<String> missing(PromotionView view, Request request) {
    List<String> missing = new ArrayList<>(request.groups());
    view.decisions().stream()
        .filter(decision -> decision.request().equals(request.name()))
        .forEach(decision -> missing.remove(decision.group()));
    return missing;
  }

  private static List<Notice.Decided> decided(PromotionView view, Request request) {
    return view.decisions().stream()
        .filter(decision -> decision.request().equals(request.name()))
        .map(decision ->
            new Notice.Decided(
                decision.by(),
                decision.verdict().name().toLowerCase(Locale.ROOT),
                decision.comment()))
        .toList();
  }
}
