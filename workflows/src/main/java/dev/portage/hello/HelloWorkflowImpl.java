package dev.portage.hello;

import dev.portage.temporal.Given;
import dev.portage.text.Bounded;
import dev.portage.text.Markdown;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** See {@link HelloWorkflow}. */
public class HelloWorkflowImpl implements HelloWorkflow {

  @Override
  public HelloView hello(@Nullable HelloStart given) {
    HelloStart start = Given.input(given, HelloStart.class);
    String by = Bounded.line(start.by(), Bounded.PERSON);
    String from = start.from() == null ? "" : " from " + Bounded.line(start.from(), Bounded.NAME);
    HelloView view =
        new HelloView(
            Workflow.getInfo().getWorkflowId(),
            by,
            "hello " + by + from + ": Temporal and a worker are running",
            Instant.ofEpochMilli(Workflow.currentTimeMillis()));
    Workflow.setCurrentDetails(
        "## Hello\n\n"
            + Markdown.line(view.says())
            + ".\n\nA promotion is a workflow like this one: its page shows where it stands, why it is"
            + " waiting, who can approve it, and the command to run. Nothing was changed.\n");
    return view;
  }
}
