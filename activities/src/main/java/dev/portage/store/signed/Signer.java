package dev.portage.store.signed;

import java.util.List;
import java.util.Map;

/** Issues signed URLs: a server, called with its own login. */
public interface Signer {

  /** How many it gives in one call, at most. */
  int most();

  /**
   * Asks for grants, one for each key, in one call.
   *
   * @param keys what they are for, as paths of files
   * @return a grant for each key
   * @throws io.temporal.failure.ApplicationFailure when it refuses or does not answer
   */
  Map<String, Grant> sign(List<String> keys);
}
