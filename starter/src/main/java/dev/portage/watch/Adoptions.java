package dev.portage.watch;

import dev.portage.adopt.AdoptStart;
import dev.portage.adopt.AdoptView;
import dev.portage.adopt.AdoptWorkflow;
import dev.portage.connection.Repeatable;
import dev.portage.connection.TemporalConnection;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import java.util.UUID;

/** Starts adoptions. */
public final class Adoptions {

  private final TemporalConnection connection;

  /** Starts through a connection. */
  public Adoptions(TemporalConnection connection) {
    this.connection = connection;
  }

  /** Starts it, or finds the one under way. Returns its workflow id. */
  public String start(AdoptStart start) {
    // Two looks at the same time are no concern of each other's.
    String id = start.isDry() ? start.workflowId() + "/" + UUID.randomUUID() : start.workflowId();
    AdoptWorkflow adoption =
        connection
            .client()
            .newWorkflowStub(
                AdoptWorkflow.class,
                // An ended one may be repeated: it records what is live now, or nothing.
                Repeatable.withId(id)
                    .setTypedSearchAttributes(
                        PromotionAttributes.of(start.model(), start.startedBy()))
                    .setStaticSummary(start.summary())
                    .build());
    WorkflowClient.start(adoption::adopt, start, null);
    return id;
  }

  /** Adoptions as they are looked at and followed. */
  public static final class Kind implements Courses.Kind<AdoptView> {

    @Override
    public String word() {
      return "adoption";
    }

    @Override
    public Class<AdoptView> type() {
      return AdoptView.class;
    }

    @Override
    public AdoptView outline(String id, WorkflowExecutionDescription described) {
      CourseOutline outline =
          CourseOutline.of(
              described,
              "the adoption",
              "Run portage adopt again: it records what is not recorded yet.");
      return AdoptView.of(
          outline.course(id), AdoptStart.named(id, outline.startedBy()), null, null);
    }
  }
}
