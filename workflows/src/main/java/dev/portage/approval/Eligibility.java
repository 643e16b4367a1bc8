package dev.portage.approval;

import dev.portage.approval.Decision.Verdict;
import dev.portage.identity.Involved;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.text.Bounded;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who may answer a request, and for which group: depends on what was read about people, on who had
 * a hand in the change, and on who has answered before.
 *
 * @param policy what the promotion is to keep to
 * @param involved who had a hand in the change
 * @param answers what has counted for the request so far
 * @param missing groups still missing
 * @param people who is who
 * @param standIns groups of which a person counts for any group by now; empty for none
 */
record Eligibility(
    ApprovalPolicy policy,
    List<String> groups,
    List<Involved> involved,
    List<Decision> answers,
    List<String> missing,
    People people,
    List<String> standIns) {

  /** Why someone may not answer this; empty if they may. */
  Optional<String> refusal(Verdict verdict, String by) {
    String shown = Bounded.line(by, Bounded.PERSON);
    Optional<Involved> hand =
        involved.stream().filter(other -> people.same(other.name(), by)).findFirst();
    if (verdict == Verdict.REJECT) {
      return hand.isPresent()
              || groups.stream().anyMatch(group -> isMember(group, by))
              || standsIn(by)
          ? Optional.empty()
          : Optional.of(
              shown
                  + " can't reject this. Needed: "
                  + Needed.text(groups, people)
                  + Needed.orStandIns(standIns)
                  + ", or someone who worked on it");
    }
    if (hand.isPresent()) {
      return Optional.of(
          shown + " " + hand.get().hand().words() + " and can't approve it. " + needed());
    }
    if (answers.stream().anyMatch(answer -> people.same(answer.by(), by))) {
      return Optional.of(shown + " has already approved this. " + needed());
    }
    return groupFor(by).isPresent()
        ? Optional.empty()
        : Optional.of(shown + " can't approve this. " + needed());
  }

  private String needed() {
    return "Needed: " + Needed.text(missing, people) + Needed.orStandIns(standIns);
  }

  /**
   * The missing group that this person fills; the one with the fewest members first, so that nobody
   * is wasted.
   */
  Optional<String> groupFor(String by) {
    Optional<String> own =
        missing.stream()
            .filter(group -> isMember(group, by))
            .min(Comparator.comparingInt(people::sizeOf));
    return own.isPresent() || !standsIn(by) ? own : missing.stream().findFirst();
  }

  private boolean standsIn(String by) {
    return standIns.stream().anyMatch(group -> isMember(group, by));
  }

  /**
   * A group that lists nobody accepts any listed person, and anyone at all if nobody is listed. A
   * group whose list was removed since the promotion began accepts nobody: the list was there to
   * keep others out.
   */
  private boolean isMember(String group, String by) {
    if (people.lists(group)) {
      return people.isListed(group, by);
    }
    if (policy.members().containsKey(group)) {
      return false;
    }
    return !people.listsAnybody() || !people.groupsOf(by).isEmpty();
  }
}
