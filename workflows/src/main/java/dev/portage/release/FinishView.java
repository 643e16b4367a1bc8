package dev.portage.release;

import java.util.List;

/**
 * The result of finishing.
 *
 * @param promotion id of the promotion
 * @param by who ordered it
 * @param done what was done, a line each
 * @param unfinished what still is not
 */
public record FinishView(
    String promotion, String by, List<String> done, List<Unfinished> unfinished) {

  public FinishView {
    done = List.copyOf(done);
    unfinished = List.copyOf(unfinished);
  }
}
