package dev.portage.webhook;

import dev.portage.notice.Notice;
import dev.portage.temporal.WebUi;
import java.net.URI;
import java.util.Optional;

/**
 * Where people find a promotion in the Web UI. Only a page of one run shows what the promotion says
 * of itself, and a promotion may have gone on in a newer run since it told something: so the newest
 * is looked up when a notice is sent.
 */
public final class PromotionPages {

  private final WebUi ui;
  private final NewestRun newest;

  /** Finds the run that a workflow is in. */
  @FunctionalInterface
  public interface NewestRun {

    /** Id of a workflow's newest run; empty where that can't be learned now. */
    Optional<String> of(String workflow);
  }

  /** Pages of this Web UI. */
  public PromotionPages(WebUi ui, NewestRun newest) {
    this.ui = ui;
    this.newest = newest;
  }

  /** The page of a notice's promotion; empty where no Web UI is known. */
  Optional<URI> of(Notice notice) {
    if (ui.address() == null) {
      return Optional.empty();
    }
    String run = newest.of(notice.promotion()).orElse(notice.run());
    return ui.page(notice.promotion(), run);
  }

  /** Path of a promotion, the same for all of its runs. */
  String path(Notice notice) {
    return ui.path(notice.promotion());
  }
}
