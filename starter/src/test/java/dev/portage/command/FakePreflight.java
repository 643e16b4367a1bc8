package dev.portage.command;

import dev.portage.plan.Action;
import dev.portage.plan.Plan;
import dev.portage.preflight.Finding;
import dev.portage.preflight.PreflightOrder;
import dev.portage.preflight.PreflightReport;
import dev.portage.preflight.PreflightWorkflow;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A preflight that finds what a test laid there. */
public class FakePreflight implements PreflightWorkflow {

  static volatile @Nullable Finding lack;
  static volatile @Nullable String releasedBefore;
  static volatile Map<String, String> championCommits = Map.of();

  /** What was asked for, in order. */
  static final List<PreflightOrder> ASKED = new CopyOnWriteArrayList<>();

  static void allIsWell() {
    ASKED.clear();
    lack = null;
    releasedBefore = null;
    championCommits = Map.of();
  }

  @Override
  public PreflightReport check(PreflightOrder order) {
    ASKED.add(order);
    Finding lacking = lack;
    Finding login = Finding.ok("workspace dev", "login", "answers");
    if (lacking != null) {
      return new PreflightReport(false, List.of(login, lacking), null, List.of(), Map.of(), null);
    }
    String promotion = order.promotion();
    return new PreflightReport(
        true,
        List.of(login),
        null,
        List.of(
            new Plan(
                "prod",
                List.of(
                    new Action("prod/champion", "alias champion", "version 3", "<new version>")))),
        championCommits,
        promotion != null && promotion.equals(releasedBefore) ? promotion : null);
  }
}
