package dev.portage.live;

import dev.portage.activity.Stubs;
import dev.portage.registry.Champion;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.temporal.Queues;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A look by workflow code, an activity for each read. */
final class WorkflowLook implements Look {

  private final LiveContext context;
  private @Nullable Optional<Champion> champion;

  WorkflowLook(LiveContext context) {
    this.context = context;
  }

  @Override
  public <T> T by(Class<T> activities, String what) {
    return Stubs.quick(activities, Queues.of(context.workspace()), context.retryTimeout(), what);
  }

  @Override
  public Optional<Champion> champion() {
    Optional<Champion> known = champion;
    if (known == null) {
      known =
          by(RegistryActivities.class, "the champion of " + context.model())
              .champion(new ModelQuery(context.workspace(), context.model(), context.marking()));
      champion = known;
    }
    return known;
  }
}
