package dev.portage.approval;

import dev.portage.text.Bounded;
import java.util.List;

/** Which approvals a request needs, in words. */
public final class Needed {

  /** People that one line names of a group. */
  static final int SHOWN = 10;

  private Needed() {}

  /** As "one of model-owners, and one of model-risk". */
  public static String text(List<String> groups) {
    return text(groups, People.NOBODY);
  }

  /**
   * As "one of model-owners (ana@example.com, ben@example.com)", where it is known who is in it.
   */
  static String text(List<String> groups, People people) {
    return String.join(", and ", groups.stream().map(group -> one(group, people)).toList());
  }

  /** As " (or one of heads-of-ml)"; empty where nobody stands in. */
  static String orStandIns(List<String> groups) {
    return groups.isEmpty() ? "" : " (or " + anyOf(groups) + " in place of any of them)";
  }

  /** As "one of heads-of-ml or model-risk". */
  public static String anyOf(List<String> groups) {
    return "one of " + String.join(" or ", groups);
  }

  private static String one(String group, People people) {
    if (group.equals(ApprovalDesk.ANYBODY)) {
      return "anyone";
    }
    if (group.equals(ApprovalDesk.SECOND)) {
      return "anyone else";
    }
    List<String> named = people.namedIn(group);
    return "one of "
        + group
        + (named.isEmpty() ? "" : " (" + Bounded.listed(named, ", ", SHOWN) + ")");
  }
}
