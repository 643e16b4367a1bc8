package dev.portage.rollback;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which release to go back to.
 *
 * @param workspace where
 * @param model full name of the registered model there
 * @param live version that is live, null for none
 * @param to version to go back to; null for the newest release before the live one that no rollback
 *     has left
 */
public record WayBackQuery(
    String workspace, String model, @Nullable String live, @Nullable String to) {

  /** The first id that a rollback of that model can have. */
  public RollbackId first() {
    return new RollbackId(workspace, model, 1);
  }

  /** Versions that are sought by their number. */
  public List<String> versions() {
    return Stream.of(to, live).flatMap(Stream::ofNullable).distinct().toList();
  }
}
