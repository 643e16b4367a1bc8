package dev.portage.rollback;

import dev.portage.lane.TurnRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Id of a rollback's workflow: {@code rollback/<workspace>/<model>/<n>}. The number grows, so that
 * each has a page and a report of its own. The model is named in full, as in the ids of its lane
 * and its watches: two files may call their models the same and register them under names of their
 * own.
 *
 * @param workspace where
 * @param model full name of the registered model there
 * @param number from 1
 */
public record RollbackId(String workspace, String model, long number) {

  /** What workflow ids of rollbacks begin with. */
  public static final String ROLLBACKS = TurnRequest.ROLLBACKS;

  private static final Pattern FORM = Pattern.compile("rollback/([^/]+)/(.+)/([1-9][0-9]{0,8})");

  /** The parts of an id; empty for any other. */
  public static Optional<RollbackId> of(String workflow) {
    Matcher parts = FORM.matcher(workflow);
    if (!parts.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new RollbackId(
            String.valueOf(parts.group(1)),
            String.valueOf(parts.group(2)),
            Long.parseLong(String.valueOf(parts.group(3)))));
  }

  /** The workflow's id. */
  public String workflow() {
    return ROLLBACKS + workspace + "/" + model + "/" + number;
  }

  /** The one after it. */
  public RollbackId next() {
    return new RollbackId(workspace, model, number + 1);
  }

  /** Whether it is of the same model and workspace. */
  public boolean isBeside(RollbackId other) {
    return workspace.equals(other.workspace) && model.equals(other.model);
  }
}
