package dev.portage.gate;

import java.util.List;

/**
 * A check. Pure: the same input gives the same result. A new gate is one such class and one line in
 * {@link Gates}.
 */
public interface Gate {

  /** Its results, one for each thing it checks; none if it does not apply. */
  List<GateResult> check(GateInput input);
}
