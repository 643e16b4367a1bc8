package dev.portage.preflight;

import dev.portage.live.LiveSeen;
import dev.portage.tracking.Making;
import dev.portage.trigger.Triggers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Ahead} found.
 *
 * @param making who made the requested version or run, as far as its run says; null if it doesn't,
 *     or none was requested
 * @param seen what is live; null if not requested
 * @param released whether the promotion was released there before; null if not requested
 * @param metrics names of metrics that the requested version's or run's run logged; null if none
 *     was requested
 * @param triggers what starts elsewhere; null if not requested
 */
public record LiveNow(
    @Nullable Making making,
    @Nullable LiveSeen seen,
    @Nullable Boolean released,
    @Nullable List<String> metrics,
    @Nullable Triggers triggers) {

  public LiveNow {
    metrics = metrics == null ? null : List.copyOf(metrics);
  }
}
