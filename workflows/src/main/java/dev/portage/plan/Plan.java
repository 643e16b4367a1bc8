package dev.portage.plan;

import java.util.List;

/**
 * The ordered changes of one hop.
 *
 * @param target workspace of the hop
 * @param actions the changes in order
 */
public record Plan(String target, List<Action> actions) {

  public Plan {
    actions = List.copyOf(actions);
  }
}
