package dev.portage.live;

import dev.portage.lane.Grant;
import dev.portage.registry.Marking;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where live things are, and for whom they are read and changed: a promotion, a rollback or an
 * adoption. All that a thing needs to be observed and restored.
 */
public interface LiveContext {

  /** Workspace, such as "prod". */
  String workspace();

  /** Full name of the registered model there. */
  String model();

  /** How its registry marks the champion. */
  Marking marking();

  /** Id of the workflow that reads or changes: what it creates carries it. */
  String holder();

  /** The turn in hand, null while none is held: then nothing may be changed. */
  @Nullable Grant grant();

  /** How long a call that fails is retried. */
  Duration retryTimeout();
}
