package dev.portage.scoring;

import dev.portage.scoring.RuleResult.Outcome;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What came of the rules about predictions.
 *
 * @param results one for each rule that applies, in the file's order
 */
public record RulesChecked(List<RuleResult> results) {

  public RulesChecked {
    results = List.copyOf(results);
  }

  /** The rules that are broken, in one line; null for none. */
  public @Nullable String broken() {
    return texts(result -> result.outcome() == Outcome.FAIL);
  }

  /**
   * What could not be measured and nobody knew of, in one line; null for nothing.
   *
   * @param known what came of the rules before, in a rehearsal that people saw
   */
  public @Nullable String notMeasured(List<RuleResult> known) {
    return texts(
        result -> result.outcome() == Outcome.INCONCLUSIVE && !wasOpen(result.rule(), known));
  }

  /**
   * What was not measured and does not stop anything, in one line: there is nothing to compare
   * with, or people knew. Null for nothing.
   *
   * @param known what came of the rules before, in a rehearsal that people saw
   */
  public @Nullable String leftOpen(List<RuleResult> known) {
    return texts(result ->
        result.outcome() == Outcome.NOTHING_TO_COMPARE
            || (result.outcome() == Outcome.INCONCLUSIVE && wasOpen(result.rule(), known)));
  }

  private static boolean wasOpen(String rule, List<RuleResult> known) {
    return known.stream()
        .anyMatch(before -> before.rule().equals(rule) && before.outcome() != Outcome.PASS);
  }

  private @Nullable String texts(Predicate<RuleResult> which) {
    List<String> texts = results.stream().filter(which).map(RuleResult::text).toList();
    return texts.isEmpty() ? null : String.join("; ", texts);
  }
}
