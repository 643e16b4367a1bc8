package dev.portage.approval;

import dev.portage.gate.Evidence;
import dev.portage.plan.Plan;
import java.time.Instant;
import java.util.List;

/**
 * One request for approval, bound to exactly what it shows.
 *
 * @param name such as "prod-1"
 * @param target workspace of the hop
 * @param digest digest of the candidate's manifest
 * @param evidence what the gates said
 * @param plan what will be done
 * @param groups groups that must each approve with one person; "anybody" stands for a person of any
 *     group
 * @param opened when it was opened
 * @param expires when it counts as rejected
 */
public record Request(
    String name,
    String target,
    String digest,
    Evidence evidence,
    Plan plan,
    List<String> groups,
    Instant opened,
    Instant expires) {

  public Request {
    groups = List.copyOf(groups);
  }
}
