package dev.portage.gate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gates' results for a hop. Decisions are bound to its digest.
 *
 * @param target workspace of the hop
 * @param results every gate's answer, in order
 * @param outcome fail if one failed, else inconclusive if one was, else pass
 * @param championVersion version that was compared with, null for the first version
 * @param candidateDigest digest of the candidate's manifest
 * @param planDigest SHA-256 of the plan
 * @param digest SHA-256 of all of the above
 */
public record Evidence(
    String target,
    List<GateResult> results,
    GateOutcome outcome,
    @Nullable String championVersion,
    String candidateDigest,
    String planDigest,
    String digest) {

  public Evidence {
    results = List.copyOf(results);
  }
}
