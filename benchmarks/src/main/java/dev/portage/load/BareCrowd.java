package dev.portage.load;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The same number of bare workflows. */
final class BareCrowd extends Crowd {
  private final BareWorkflow.Shape shape;

  /** A crowd of them, not yet started. */
  BareCrowd(LoadWorld world, String name, int count, BareWorkflow.Shape shape) {
    super(
        world,
        "bare/" + name + "-",
        IntStream.range(0, count).mapToObj(i -> "bare/%s-%05d".formatted(name, i)).toList());
    this.shape = shape;
  }

  @Override
  void start(int number) {
    BareWorkflow workflow =
        world()
            .client()
            .newWorkflowStub(
                BareWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(ids().get(number))
                    .setTaskQueue(BareWorkflow.TASK_QUEUE)
                    .build());
    WorkflowClient.start(workflow::run, shape);
  }

  @Override
  Object[] decision(String id) {
    return new Object[0];
  }

  @Override
  Class<?> answer() {
    return Void.class;
  }

  @Override
  @Nullable String refusal(@Nullable Object answer) {
    return null;
  }
}
