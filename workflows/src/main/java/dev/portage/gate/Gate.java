package dev.portage.gate;

import java.util.List;

/**
 * A check. Pure: the same input gives the same answer. A new gate is one such class and one line in
 * {@link Gates}.
 */
public interface Gate {

  /** Its answers, one for each thing it looks at; none where it does not apply. */
  List<GateResult> check(GateInput input);
}
