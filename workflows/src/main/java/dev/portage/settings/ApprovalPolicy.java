package dev.portage.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Who decides about a hop. By target workspace and tier, from the platform file alone.
 *
 * @param tier name of the tier that matched
 * @param groups one person of each has to approve; empty where nobody need be asked
 * @param members people of each group; a group without an entry takes anybody who may approve at
 *     all
 * @param expires time after which an undecided request counts as rejected
 */
public record ApprovalPolicy(
    String tier, List<String> groups, Map<String, List<String>> members, Duration expires) {

  public ApprovalPolicy {
    groups = List.copyOf(groups);
    members = Map.copyOf(members);
  }
}
