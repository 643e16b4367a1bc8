package dev.portage.command;

import dev.portage.plan.Action;
import dev.portage.plan.Plan;
import dev.portage.preflight.Finding;
import dev.portage.preflight.PreflightOrder;
import dev.portage.preflight.PreflightReport;
import dev.portage.preflight.PreflightWorkflow;
import dev.portage.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A preflight with findings that a test prepares. */
public class FakePreflight implements PreflightWorkflow {

  /** Its findings; all passed unless a test prepares others. */
  static final class Laid {
    volatile @Nullable Finding failed;
    volatile @Nullable String releasedBefore;
    volatile @Nullable Settings settings;

    /** The requests, in order. */
    final List<PreflightOrder> asked = new CopyOnWriteArrayList<>();
  }

  private final Laid laid;

  FakePreflight(Laid laid) {
    this.laid = laid;
  }

  @Override
  public PreflightReport check(@Nullable PreflightOrder given) {
    PreflightOrder order = Objects.requireNonNull(given);
    laid.asked.add(order);
    Finding lacking = laid.failed;
    Finding login = Finding.ok("workspace dev", "login", "answers");
    if (lacking != null) {
      return new PreflightReport(false, List.of(login, lacking), null, List.of(), Map.of(), null);
    }
    String promotion = order.promotion();
    String releasedBefore = laid.releasedBefore;
    return new PreflightReport(
        true,
        List.of(login),
        laid.settings,
        List.of(
            new Plan(
                "prod",
                List.of(
                    new Action("prod/champion", "alias champion", "version 3", "<new version>")))),
        Map.of(),
        promotion != null && promotion.equals(releasedBefore) ? promotion : null);
  }
}
