package dev.portage.databricks;

import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a look at one workspace finds, in order. */
final class Findings {
  private final String where;
  private final List<Finding> all = new ArrayList<>();

  /**
   * Nothing yet.
   *
   * @param where how findings name the workspace
   */
  Findings(String where) {
    this.where = where;
  }

  List<Finding> all() {
    return List.copyOf(all);
  }

  int lacks() {
    return (int) all.stream().filter(finding -> finding.verdict() == Verdict.LACK).count();
  }

  void add(Collection<Finding> findings) {
    all.addAll(findings);
  }

  void ok(String what, String text) {
    all.add(Finding.ok(where, what, text));
  }

  void note(String what, String text) {
    all.add(new Finding(where, what, Verdict.NOTE, text, null));
  }

  void lack(String what, String text, String remedy) {
    all.add(Finding.failed(where, what, text, remedy));
  }

  /**
   * What the user has to fix becomes a finding; a workspace that does not answer stays a failure.
   */
  void orLack(String what, Runnable look) {
    try {
      look.run();
    } catch (ApplicationFailure failure) {
      all.add(Finding.failed(where, what, failure));
    }
  }

  /** The same for a look that finds something; null where it does not. */
  <T> @Nullable T askedOrLack(String what, Supplier<@Nullable T> look) {
    try {
      return look.get();
    } catch (ApplicationFailure failure) {
      all.add(Finding.failed(where, what, failure));
      return null;
    }
  }
}
