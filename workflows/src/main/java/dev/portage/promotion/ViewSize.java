package dev.portage.promotion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.approval.Decision;
import dev.portage.approval.Refusal;
import dev.portage.approval.Request;
import dev.portage.gate.Evidence;
import dev.portage.job.SettingChange;
import dev.portage.plan.Plan;
import dev.portage.registry.ModelVersion;
import dev.portage.release.Release;
import dev.portage.settings.EffectiveValue;
import dev.portage.step.StepView;
import dev.portage.temporal.Payloads;
import dev.portage.text.Bounded;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Shrinks a view to fit into one payload. If Temporal refused the result, a promotion would end as
 * failed although its model is live. Explanations are dropped first, what is live and who decided
 * last; each shortened list keeps a count.
 */
final class ViewSize {

  private static final ObjectMapper MAPPER = Payloads.mapper();

  /** In this order, until it fits. */
  private static final List<UnaryOperator<PromotionView>> STEPS =
      List.of(
          view -> new Shorter(view).settings(0).view(),
          view -> new Shorter(view).versionsWithoutTags().view(),
          view -> new Shorter(view).requests(10, 50).people(100).view(),
          view -> new Shorter(view).notices(20).decisions(100, Bounded.NAME).view(),
          view -> new Shorter(view).requests(2, 20).people(20).releases(20).view(),
          view -> new Shorter(view).requests(1, 0).notices(5).refused(5).view(),
          view -> new Shorter(view).decisions(20, 0).steps(40).releases(5).versions(5).view());

  private ViewSize() {}

  /** The view itself if it fits, otherwise a reduced one. */
  static PromotionView fitted(PromotionView view, int bytes) {
    PromotionView shorter = view;
    for (UnaryOperator<PromotionView> step : STEPS) {
      if (bytesOf(shorter) <= bytes) {
        return shorter;
      }
      shorter = step.apply(shorter);
    }
    return shorter;
  }

  private static int bytesOf(PromotionView view) {
    try {
      return MAPPER.writeValueAsBytes(view).length;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a view is always JSON", e);
    }
  }

  /** A view with less in it, under way. */
  private static final class Shorter {
    private final PromotionView view;
    private final Map<String, Integer> left = new HashMap<>();
    private List<StepView> steps;
    private List<ModelVersion> versions;
    private List<Request> requests;
    private List<Decision> decisions;
    private List<Refusal> refused;
    private List<String> notices;
    private List<Release> releases;
    private List<EffectiveValue> settings;
    private @Nullable List<String> people;

    Shorter(PromotionView view) {
      this.view = view;
      if (view.leftOut() != null) {
        left.putAll(view.leftOut());
      }
      steps = view.steps();
      versions = view.versions();
      requests = view.requests();
      decisions = view.decisions();
      refused = view.refused();
      notices = view.notices();
      releases = view.releases();
      settings = view.settings();
      people = view.people();
    }

    Shorter settings(int most) {
      settings = last("settings", settings, most);
      return this;
    }

    Shorter people(int most) {
      people = people == null ? null : last("people", people, most);
      return this;
    }

    Shorter versions(int most) {
      versions = last("versions", versions, most);
      return this;
    }

    Shorter versionsWithoutTags() {
      versions =
          versions.stream()
              .map(version ->
                  new ModelVersion(
                      version.workspace(),
                      version.model(),
                      version.version(),
                      version.runId(),
                      version.stage(),
                      version.aliases(),
                      Map.of(),
                      version.page()))
              .toList();
      return this;
    }

    Shorter requests(int most, int rows) {
      requests =
          last("requests", requests, most).stream()
              .map(request ->
                  request.toBuilder()
                      .evidence(evidence(request.evidence(), rows))
                      .plan(
                          new Plan(
                              request.plan().target(),
                              last("actions of plans", request.plan().actions(), rows),
                              request.plan().versions(),
                              jobSettings(request.plan(), rows)))
                      .build())
              .toList();
      return this;
    }

    private @Nullable List<SettingChange> jobSettings(Plan plan, int rows) {
      return plan.jobSettings() == null ? null : last("settings of jobs", plan.jobSettings(), rows);
    }

    private Evidence evidence(Evidence evidence, int rows) {
      return new Evidence(
          evidence.target(),
          last("answers of gates", evidence.results(), rows),
          evidence.outcome(),
          evidence.championVersion(),
          evidence.candidateDigest(),
          evidence.planDigest(),
          evidence.digest());
    }

    Shorter decisions(int most, int comment) {
      decisions = brief(last("decisions", decisions, most), comment);
      releases =
          releases.stream()
              .map(release ->
                  release.toBuilder()
                      .decisions(brief(last("decisions", release.decisions(), most), comment))
                      .build())
              .toList();
      return this;
    }

    private static List<Decision> brief(List<Decision> decisions, int comment) {
      return decisions.stream()
          .map(decision -> {
            String said = decision.comment();
            return decision.toBuilder()
                .comment(said == null || comment == 0 ? null : Bounded.lines(said, comment))
                .build();
          })
          .toList();
    }

    Shorter refused(int most) {
      refused = last("refused", refused, most);
      return this;
    }

    Shorter notices(int most) {
      notices = last("notices", notices, most);
      return this;
    }

    Shorter releases(int most) {
      releases = last("releases", releases, most);
      return this;
    }

    Shorter steps(int most) {
      steps = last("steps", steps, most);
      return this;
    }

    private <T> List<T> last(String list, List<T> all, int most) {
      if (all.size() <= most) {
        return all;
      }
      left.merge(list, all.size() - most, Integer::sum);
      return all.subList(all.size() - most, all.size());
    }

    PromotionView view() {
      return view.toBuilder()
          .steps(steps)
          .versions(versions)
          .requests(requests)
          .decisions(decisions)
          .refused(refused)
          .notices(notices)
          .releases(releases)
          .settings(settings)
          .people(people)
          .leftOut(left.isEmpty() ? null : left)
          .build();
    }
  }
}
