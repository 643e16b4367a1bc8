package dev.portage.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who decides about a hop. By target workspace and tier, from the platform file alone.
 *
 * @param tier name of the tier that matched
 * @param groups one person of each has to approve; empty where nobody need be asked
 * @param members people of each group; a group without an entry takes anybody who may approve at
 *     all
 * @param expires time after which an undecided request counts as rejected
 * @param listed everybody who is listed in any group; null where that would be too many to carry
 *     along, and in what earlier releases wrote
 */
public record ApprovalPolicy(
    String tier,
    List<String> groups,
    Map<String, List<String>> members,
    Duration expires,
    @Nullable List<ListedPerson> listed) {

  public ApprovalPolicy {
    groups = List.copyOf(groups);
    members = Map.copyOf(members);
    listed = listed == null ? null : List.copyOf(listed);
  }

  /** One that does not tell who is listed. */
  public ApprovalPolicy(
      String tier, List<String> groups, Map<String, List<String>> members, Duration expires) {
    this(tier, groups, members, expires, null);
  }
}
