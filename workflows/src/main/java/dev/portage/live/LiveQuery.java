package dev.portage.live;

import dev.portage.registry.ModelQuery;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query for what is live, and for what became of a version.
 *
 * @param things what to read, in order
 * @param model model whose champion gates compare with
 * @param version version of the promotion that asks, to learn whether it was released before; null
 *     where that is not asked
 * @param promotion that promotion, null likewise
 * @param settle how the version was asked for, to make sure that there is only one; null where that
 *     is done later
 */
public record LiveQuery(
    List<LiveRef> things,
    ModelQuery model,
    @Nullable VersionQuery version,
    @Nullable String promotion,
    @Nullable VersionOrder settle) {

  public LiveQuery {
    things = List.copyOf(things);
  }

  /** A query for what is live, and no more. */
  public LiveQuery(List<LiveRef> things, ModelQuery model) {
    this(things, model, null, null, null);
  }
}
