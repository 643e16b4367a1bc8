package dev.portage.scoring;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What scoring with the exact candidate in the first workspace came to, before anybody is asked.
 * Scoring that fails is none of these: it stops the promotion.
 *
 * @param workspace where
 * @param outcome how it ended
 * @param text what was seen, for those who decide
 * @param page where people see the run, null without one
 * @param fits how its rows fit into the live tables of later workspaces; null where there are none,
 *     and from a writer that did not compare
 * @param rules what came of the rules about its predictions; null where there are none, and from a
 *     writer that knew none
 */
public record Rehearsal(
    String workspace,
    Outcome outcome,
    String text,
    @Nullable URI page,
    @Nullable String fits,
    @Nullable List<RuleResult> rules) {

  public Rehearsal {
    rules = rules == null ? null : List.copyOf(rules);
  }

  /** One without rules. */
  public Rehearsal(
      String workspace, Outcome outcome, String text, @Nullable URI page, @Nullable String fits) {
    this(workspace, outcome, text, page, fits, null);
  }

  /** One that was not compared with any later workspace's table. */
  public Rehearsal(String workspace, Outcome outcome, String text, @Nullable URI page) {
    this(workspace, outcome, text, page, null);
  }

  /** What came of each rule; empty without rules. */
  public List<RuleResult> ruled() {
    return Objects.requireNonNullElse(rules, List.of());
  }

  /** How a rehearsal ends. */
  public enum Outcome {
    /** It scored, and its rows are as they should be. */
    PASSED,
    /** It could not tell, as where inputs are missing that only the target has. */
    INCONCLUSIVE,
    /** The workspace can't run it, and nobody asked for it. */
    SKIPPED
  }
}
