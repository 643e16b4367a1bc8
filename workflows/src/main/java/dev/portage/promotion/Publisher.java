package dev.portage.promotion;

import dev.portage.serving.TrafficShare;
import dev.portage.step.StepView;
import dev.portage.temporal.Memos;
import dev.portage.temporal.PromotionAttributes;
import dev.portage.text.DetailsPage;
import io.temporal.common.SearchAttributeUpdate;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes the progress of a promotion to Temporal: search attributes and current details. */
final class Publisher {

  private final Supplier<PromotionView> view;
  private final Supplier<String> step;
  private boolean changed;
  private @Nullable String writtenStep;
  private PromotionState writtenState;
  private @Nullable TrafficShare writtenTraffic;

  /**
   * @param view what is shown
   * @param step the step that began last
   * @param writtenStep the step that the search attribute has, null for none
   * @param writtenState the state that the search attribute has
   */
  Publisher(
      Supplier<PromotionView> view,
      Supplier<String> step,
      @Nullable String writtenStep,
      PromotionState writtenState) {
    this.view = view;
    this.step = step;
    this.writtenStep = writtenStep;
    this.writtenState = writtenState;
  }

  /**
   * Publishes the state once everything in a workflow task has happened: a page for each of
   * thousands of messages would make a worker slower than they arrive, and each new search
   * attribute costs Temporal a write to its list.
   */
  void changed() {
    changed = true;
  }

  /**
   * Starts publishing. Must be called before anything else.
   *
   * @param write is called whenever something has changed, and calls {@link #writeNow}
   */
  void start(Runnable write) {
    Async.procedure(() -> {
      while (true) {
        Workflow.await(() -> changed);
        write.run();
      }
    });
  }

  /** Publishes immediately; must be called at the end, after which nothing is published. */
  void writeNow() {
    changed = false;
    PromotionView current = view.get();
    Workflow.setCurrentDetails(DetailsPage.of(PromotionPage.details(current)));
    writeAttributes(step.get(), current.state());
    writeTraffic(current.movesTraffic().map(StepView::traffic).orElse(null));
  }

  /** Once per share: what each look has seen is on the page. */
  private void writeTraffic(@Nullable TrafficShare share) {
    if (!Objects.equals(share, writtenTraffic)) {
      writtenTraffic = share;
      Map<String, @Nullable Object> memo = new HashMap<>();
      memo.put(Memos.TRAFFIC, share);
      Workflow.upsertMemo(memo);
    }
  }

  private void writeAttributes(String newStep, PromotionState newState) {
    List<SearchAttributeUpdate<?>> updates = new ArrayList<>();
    if (!newStep.equals(writtenStep)) {
      updates.add(PromotionAttributes.STEP.valueSet(PromotionAttributes.keyword(newStep)));
    }
    if (newState != writtenState) {
      updates.add(PromotionAttributes.STATE.valueSet(newState.name()));
    }
    writtenStep = newStep;
    writtenState = newState;
    if (!updates.isEmpty()) {
      Workflow.upsertTypedSearchAttributes(updates.toArray(SearchAttributeUpdate<?>[]::new));
    }
  }
}
