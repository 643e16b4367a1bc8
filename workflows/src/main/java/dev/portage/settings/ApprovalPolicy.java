package dev.portage.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who decides about a hop. By target workspace and tier, from the platform file only.
 *
 * @param tier name of the tier that matched
 * @param groups groups that must each approve with one person; empty if nobody need approve
 * @param members people of each group; a group without an entry accepts anyone who may approve at
 *     all
 * @param expires time after which an undecided request counts as rejected
 * @param listed everyone who is listed in any group; null where that would be too many to carry
 *     along, and in what earlier releases wrote
 * @param escalateTo groups that may decide in place of any other from half of the time on; null for
 *     none, and in what earlier releases wrote
 * @param breakGlass time in which a second person confirms that the hop goes through a freeze; null
 *     in what earlier releases wrote, see {@link #BREAK_GLASS}
 */
public record ApprovalPolicy(
    String tier,
    List<String> groups,
    Map<String, List<String>> members,
    Duration expires,
    @Nullable List<ListedPerson> listed,
    @Nullable List<String> escalateTo,
    @Nullable Duration breakGlass) {

  /** The time to confirm where nobody named one. */
  public static final Duration BREAK_GLASS = Duration.ofHours(1);

  public ApprovalPolicy {
    groups = List.copyOf(groups);
    members = Map.copyOf(members);
    listed = listed == null ? null : List.copyOf(listed);
    escalateTo = escalateTo == null || escalateTo.isEmpty() ? null : List.copyOf(escalateTo);
  }

  /** One with the usual time to confirm that a freeze is broken. */
  public ApprovalPolicy(
      String tier,
      List<String> groups,
      Map<String, List<String>> members,
      Duration expires,
      @Nullable List<ListedPerson> listed,
      @Nullable List<String> escalateTo) {
    this(tier, groups, members, expires, listed, escalateTo, null);
  }

  /** One without escalation. */
  public ApprovalPolicy(
      String tier,
      List<String> groups,
      Map<String, List<String>> members,
      Duration expires,
      @Nullable List<ListedPerson> listed) {
    this(tier, groups, members, expires, listed, null, null);
  }

  /** One without escalation that doesn't say who is listed. */
  public ApprovalPolicy(
      String tier, List<String> groups, Map<String, List<String>> members, Duration expires) {
    this(tier, groups, members, expires, null, null, null);
  }

  /** Time in which a second person confirms that the hop goes through a freeze. */
  public Duration breakGlassWithin() {
    return breakGlass == null ? BREAK_GLASS : breakGlass;
  }
}
