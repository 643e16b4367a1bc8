package dev.portage.start;

import dev.portage.checkout.Checkout;
import dev.portage.connection.TemporalConnection;
import dev.portage.gate.Ancestry;
import dev.portage.identity.Authorship;
import dev.portage.preflight.PreflightReport;
import dev.portage.promotion.PromotionStart;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionWorkflow;
import dev.portage.temporal.Memos;
import dev.portage.temporal.Queues;
import dev.portage.watch.ExistingPromotion;
import dev.portage.watch.Promotions;
import dev.portage.watch.Rivals;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One commit, one promotion: starts it, or finds the existing one. */
public final class Starter {

  private static final int MOST_REPEATS = 100;

  private final TemporalConnection connection;
  private final Promotions promotions;
  private final PreflightRunner preflight;
  private final Consumer<String> starting;

  /**
   * Starts through a connection.
   *
   * @param starting is told the id right before it is started
   */
  public Starter(
      TemporalConnection connection, PreflightRunner preflight, Consumer<String> starting) {
    this.connection = connection;
    this.promotions = new Promotions(connection);
    this.preflight = preflight;
    this.starting = starting;
  }

  /**
   * Finds the draft's promotion, or else runs the preflight and starts it if nothing failed.
   *
   * @throws StartException when it was started with a different file
   */
  public Outcome startOrFind(Draft draft) {
    Optional<ExistingPromotion> found = promotions.find(draft.start().workflowId());
    if (found.isPresent()) {
      return existing(draft, found.get());
    }
    Checked looked = look(draft);
    PreflightReport report = looked.report();
    if (!report.passed()) {
      return new Outcome.Missing(draft.start().workflowId(), report);
    }
    return report.earlier() == null
        ? start(draft, looked)
        : new Outcome.ReleasedBefore(draft.start().workflowId(), report);
  }

  /**
   * Starts it once more, under the next free number.
   *
   * @throws StartException while an earlier one is still under way
   */
  public Outcome startAgain(Draft draft, String reason) {
    for (int number = 1; number <= MOST_REPEATS; number++) {
      Draft next = draft.again(number, reason);
      Optional<ExistingPromotion> found = promotions.find(next.start().workflowId());
      if (found.isPresent()) {
        refuseBesideRunning(found.get());
        continue;
      }
      Checked looked = look(next);
      PreflightReport report = looked.report();
      if (!report.passed()) {
        return new Outcome.Missing(next.start().workflowId(), report);
      }
      if (report.earlier() == null) {
        return start(next, looked);
      }
    }
    throw new StartException(
        draft.start().workflowId() + " was repeated " + MOST_REPEATS + " times; make a new commit");
  }

  private static void refuseBesideRunning(ExistingPromotion existing) {
    if (!existing.ended()) {
      throw new StartException(
          existing.id()
              + " is still running, so it can't be repeated yet; follow it with: portage watch "
              + existing.id());
    }
  }

  private Outcome existing(Draft draft, ExistingPromotion existing) {
    if (!existing.fileHash().isEmpty() && !existing.fileHash().equals(draft.start().fileHash())) {
      throw new StartException(
          existing.id()
              + " was started with a different "
              + draft.start().fileName()
              + draft.file().parts().stream()
                  .map(part -> " or " + part)
                  .collect(Collectors.joining())
              + " (SHA-256 "
              + existing.fileHash().substring(0, 12)
              + ", this one "
              + draft.start().fileHash().substring(0, 12)
              + "); a commit has one promotion: make a new commit, or repeat it with --again"
              + " --reason TEXT");
    }
    return new Outcome.Existing(existing);
  }

  /**
   * What was found before anything starts.
   *
   * @param authorship who made what it brings along
   */
  private record Checked(PreflightReport report, Authorship authorship) {}

  private Checked look(Draft draft) {
    PreflightReport report = preflight.look(draft.preflightId(), draft.preflightOrder());
    Authors authors = new Authors(draft, report);
    Authorship authorship = authors.authorship();
    return new Checked(
        report.passed() && report.earlier() == null
            ? report.with(authors.findings(authorship))
            : report,
        authorship);
  }

  private Outcome start(Draft draft, Checked looked) {
    PreflightReport report = looked.report();
    Draft complete = draft.knowing(ancestry(draft, report), looked.authorship());
    PromotionStart start = complete.start();
    PromotionWorkflow promotion =
        connection.client().newWorkflowStub(PromotionWorkflow.class, options(start));
    List<String> rivals = new Rivals(connection).lines(start, report.settings());
    starting.accept(start.workflowId());
    try {
      WorkflowStub.fromTyped(promotion).start(start);
    } catch (WorkflowExecutionAlreadyStarted _) {
      // Someone else's ended between our query and our start.
      return existing(draft, promotions.find(start.workflowId()).orElseThrow());
    }
    // Another one may have started between our query and our start: then it counts.
    promotions.find(start.workflowId()).ifPresent(existing -> existing(draft, existing));
    return new Outcome.Started(start.workflowId(), report, rivals);
  }

  /**
   * What Temporal learns about a promotion besides its payload. Code that starts many without a
   * preflight each, such as a measurement, starts them with the same.
   */
  public static WorkflowOptions options(PromotionStart start) {
    return WorkflowOptions.newBuilder()
        .setWorkflowId(start.workflowId())
        .setTaskQueue(Queues.PORTAGE)
        .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
        .setWorkflowIdConflictPolicy(
            WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
        .setTypedSearchAttributes(attributes(start))
        .setMemo(Map.of(Memos.FILE_HASH, start.fileHash()))
        .setStaticSummary(StartPage.summary(start))
        .setStaticDetails(StartPage.details(start))
        .build();
  }

  private static SearchAttributes attributes(PromotionStart start) {
    SearchAttributes.Builder attributes =
        SearchAttributes.newBuilder()
            .set(
                dev.portage.temporal.PromotionAttributes.MODEL,
                dev.portage.temporal.PromotionAttributes.keyword(start.model()))
            .set(dev.portage.temporal.PromotionAttributes.STATE, PromotionState.RUNNING.name())
            .set(
                dev.portage.temporal.PromotionAttributes.STARTED_BY,
                dev.portage.temporal.PromotionAttributes.keyword(start.startedBy()));
    if (start.commit() != null) {
      attributes.set(
          dev.portage.temporal.PromotionAttributes.COMMIT, start.commit().substring(0, 12));
    }
    return attributes.build();
  }

  private static List<Ancestry> ancestry(Draft draft, PreflightReport report) {
    @Nullable String commit = draft.start().commit();
    Optional<Checkout> checkout = draft.checkout();
    return commit == null || checkout.isEmpty()
        ? List.of()
        : checkout.get().ancestry(commit, report.championCommits().values());
  }
}
