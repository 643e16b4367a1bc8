package dev.portage.start;

import dev.portage.checkout.Checkout;
import dev.portage.gate.Ancestry;
import dev.portage.identity.Authorship;
import dev.portage.preflight.PreflightOrder;
import dev.portage.promotion.PromotionStart;
import dev.portage.settings.PromotionFile;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A promotion ready to start, with all local checks done.
 *
 * @param start what it would start with; without ancestry yet
 * @param file its file
 * @param checkout where it comes from, empty outside git
 * @param sourceCommit commit that the notebooks come from, null outside git
 * @param asCommitted whether the file is the commit's own; otherwise it is the working copy's
 * @param notes things worth telling, none of which stops anything
 * @param madeBy who made a model that was trained elsewhere, as who starts it says
 */
public record Draft(
    PromotionStart start,
    PromotionFile file,
    Optional<Checkout> checkout,
    @Nullable String sourceCommit,
    boolean asCommitted,
    List<String> notes,
    List<String> madeBy) {

  public Draft {
    notes = List.copyOf(notes);
    madeBy = List.copyOf(madeBy);
  }

  /**
   * The workflow id of its preflight: one for one file, one thing to promote and one person, so
   * that nobody is shown what was found of another's.
   */
  public String preflightId() {
    return "preflight/"
        + start.model()
        + "/"
        + start.key()
        + "/"
        + Fingerprint.of(
            start.startedBy(),
            start.fileName(),
            start.fileHash(),
            String.join("\n", start.files()),
            String.valueOf(start.version()),
            String.valueOf(start.runId()),
            String.valueOf(asCommitted));
  }

  /** What the preflight is to look at. */
  public PreflightOrder preflightOrder() {
    return new PreflightOrder(
        start.settingsOrder(),
        asCommitted ? start.workflowId() : null,
        start.fileHash(),
        start.version(),
        start.runId(),
        sourceCommit,
        start.source());
  }

  /** The same, once more, under its own key. */
  public Draft again(int number, String reason) {
    return with(
        start.toBuilder()
            .key(number == 1 ? start.key() : start.key() + "/" + number)
            .reason(reason)
            .authorship(null)
            .build());
  }

  /** The same, with how its commit relates to the champions', and who made what. */
  public Draft knowing(List<Ancestry> ancestry, Authorship authorship) {
    return with(start.knowing(ancestry, authorship));
  }

  private Draft with(PromotionStart changed) {
    return new Draft(changed, file, checkout, sourceCommit, asCommitted, notes, madeBy);
  }
}
