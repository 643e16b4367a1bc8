package dev.portage.start;

import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Electorate;
import dev.portage.checkout.Checkout;
import dev.portage.checkout.CheckoutException;
import dev.portage.checkout.CommitRange;
import dev.portage.identity.Authorship;
import dev.portage.identity.Involved;
import dev.portage.identity.Involved.Hand;
import dev.portage.identity.Makers;
import dev.portage.preflight.Finding;
import dev.portage.preflight.PreflightReport;
import dev.portage.promotion.PromotionStart;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.text.Bounded;
import dev.portage.tracking.Making;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who made what a promotion brings along in addition to its own commit: the commit that a model
 * trained elsewhere comes from, and everything since the live commits. The checkout names the
 * people, the preflight the live commits. Gaps are reported; if nobody is left who may approve,
 * that is a failed finding.
 */
public final class Authors {

  private static final String WHAT = "approvers";

  private static final String ONLY = ", so people behind earlier commits are not barred";

  private final Draft draft;
  private final PreflightReport report;
  private final Map<String, Involved> people = new LinkedHashMap<>();
  private final Set<String> commits = new LinkedHashSet<>();
  private final Set<String> gaps = new LinkedHashSet<>();

  /**
   * Those of a draft.
   *
   * @param report what the preflight found of it
   */
  public Authors(Draft draft, PreflightReport report) {
    this.draft = draft;
    this.report = report;
  }

  /** What is known of them. */
  public Authorship authorship() {
    draft.madeBy().forEach(name -> add(Hand.NAMED, name));
    Set<String> heads = new LinkedHashSet<>();
    if (draft.sourceCommit() != null) {
      heads.add(draft.sourceCommit());
    }
    Making making = report.making();
    if (making != null) {
      for (String made : making.commits()) {
        source(made).ifPresent(heads::add);
      }
    }
    targets().forEach(target -> since(target, heads));
    return new Authorship(
        List.copyOf(people.values()),
        List.copyOf(commits),
        live(),
        List.copyOf(gaps),
        !draft.madeBy().isEmpty());
  }

  private Map<String, String> live() {
    Map<String, String> live = new LinkedHashMap<>();
    report
        .championCommits()
        .forEach((target, commit) -> {
          if (commit.matches("[0-9a-f]{7,64}")) {
            live.put(target, commit);
          }
        });
    return live;
  }

  /** What there is to say of them before anything starts. */
  public List<Finding> findings(Authorship authorship) {
    List<Finding> findings = new ArrayList<>();
    PromotionStart start = draft.start().knowing(List.of(), authorship);
    ApprovalDesk desk = new ApprovalDesk(start.involved());
    List<String> notKnown = new ArrayList<>(authorship.gaps());
    Making making = report.making();
    if (making != null) {
      Makers makers = Makers.of(making, start.commit(), authorship);
      desk.bar(makers.people());
      notKnown.addAll(makers.gaps());
      if (!makers.known()) {
        desk.makersAreUnknown();
        notKnown.add(
            "so two people must approve; if you know who made it, start it with --made-by NAME");
      }
    }
    notKnown.forEach(gap ->
        findings.add(new Finding("promotion", "who made it", Finding.Verdict.NOTE, gap, null)));
    targets().forEach(target -> left(target, desk).ifPresent(findings::add));
    return findings;
  }

  private Optional<Finding> left(String target, ApprovalDesk desk) {
    Settings settings = report.settings();
    ApprovalPolicy policy = settings == null ? null : settings.approvals().get(target);
    if (policy == null || policy.groups().isEmpty()) {
      return Optional.empty();
    }
    String where = "workspace " + target;
    List<Involved> beyond =
        desk.barred().stream().filter(one -> !one.hand().isOfItsCommit()).toList();
    return Electorate.of(policy, desk.groupsOf(policy), desk.barred())
        .flatMap(all -> {
          if (!all.isEnough()) {
            return Optional.of(
                Finding.failed(
                    where,
                    WHAT,
                    "too few people can approve, since nobody approves their own work: "
                        + all.describe(),
                    remedy(policy, desk)));
          }
          return Electorate.of(policy, desk.groupsOf(policy), beyond)
              .filter(Electorate::barsAnybody)
              .map(some -> new Finding(where, WHAT, Finding.Verdict.NOTE, all.describe(), null));
        });
  }

  /** Another person can start it, but nobody can take back having worked on it. */
  private static String remedy(ApprovalPolicy policy, ApprovalDesk desk) {
    List<Involved> others =
        desk.barred().stream().filter(one -> one.hand() != Hand.STARTED).toList();
    boolean startIsTheReason =
        Electorate.of(policy, desk.groupsOf(policy), others)
            .filter(Electorate::isEnough)
            .isPresent();
    return "ask the platform team to add people to these groups in the platform file"
        + (startIsTheReason
            ? "; or let somebody start it who may not approve it anyway: then enough people are left"
            : "");
  }

  private List<String> targets() {
    Settings settings = report.settings();
    return settings == null
        ? List.copyOf(report.championCommits().keySet())
        : settings.targets().stream().map(Station::workspace).toList();
  }

  /** The commit that a model was trained from, where the checkout has it whole. */
  private Optional<String> source(String named) {
    Optional<String> found = draft.checkout().flatMap(checkout -> checkout.findById(named));
    if (found.isEmpty()) {
      return found;
    }
    try {
      Checkout checkout = draft.checkout().orElseThrow();
      checkout.people(found.get()).forEach(name -> add(Hand.SOURCE, name));
      covered(found.get());
      return found;
    } catch (CheckoutException e) {
      gaps.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void since(String target, Set<String> heads) {
    @Nullable String base = report.championCommits().get(target);
    if (base == null) {
      List<String> without = report.withoutCommit();
      gaps.add(
          without == null || without.contains(target)
              ? "the commit of the version live in " + target + " is not known" + ONLY
              : "nothing is live in " + target + " yet" + ONLY);
      return;
    }
    if (heads.isEmpty()) {
      gaps.add(
          "what changed since the version live in "
              + target
              + " is not known without a checkout"
              + ONLY);
    }
    for (String head : heads) {
      Optional<CommitRange> range =
          draft.checkout().flatMap(checkout -> checkout.since(head, base));
      if (range.isEmpty()) {
        gaps.add(
            "commit "
                + Bounded.line(base, Bounded.NAME)
                + ", which is live in "
                + target
                + ", is not in this checkout"
                + ONLY);
        return;
      }
      range.get().people().forEach(name -> add(Hand.SINCE, name));
      range.get().ids().forEach(this::covered);
      gaps.addAll(range.get().gaps());
    }
  }

  private void covered(String commit) {
    commits.add(commit.substring(0, Authorship.DIGITS));
  }

  /** Those of the promotion's own commit are known already. */
  private void add(Hand hand, String name) {
    List<String> own = draft.start().people();
    if (own == null || !own.contains(name)) {
      people.putIfAbsent(name, new Involved(hand, name));
    }
  }
}
