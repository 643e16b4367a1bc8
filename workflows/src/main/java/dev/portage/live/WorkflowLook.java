package dev.portage.live;

import dev.portage.activity.Stubs;
import dev.portage.registry.Champion;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.temporal.Queues;
import java.util.Optional;

/** A look by workflow code, an activity for each read. */
final class WorkflowLook implements Look {

  private final LiveContext context;
  private Optional<Champion> champion = Optional.empty();
  private boolean knowsChampion;

  WorkflowLook(LiveContext context) {
    this.context = context;
  }

  @Override
  public <T> T by(Class<T> activities, String what) {
    return Stubs.quick(activities, Queues.of(context.workspace()), context.retryTimeout(), what);
  }

  @Override
  public Optional<Champion> champion() {
    if (!knowsChampion) {
      champion =
          by(RegistryActivities.class, "the champion of " + context.model())
              .champion(new ModelQuery(context.workspace(), context.model(), context.marking()));
      knowsChampion = true;
    }
    return champion;
  }
}
