package dev.portage.approval;

import dev.portage.text.Bounded;
import org.jspecify.annotations.Nullable;

/**
 * What a person sends as Update or signal {@code approve}, {@code reject} or {@code resume}. Every
 * field may be missing: a message that can't be matched is refused with a reason, not dropped.
 *
 * @param request the request it answers, such as "prod-1"
 * @param by who decides
 * @param comment why, for the record
 * @param id id of the decision; the same id counts once, however it arrives
 * @param proof signature, if the identity mode requires one
 * @param readsReceipt whether the sender checks the receipt of an Update for a refusal; null from
 *     commands of earlier releases and by hand, whose Update fails instead
 */
public record DecisionMessage(
    @Nullable String request,
    @Nullable String by,
    @Nullable String comment,
    @Nullable String id,
    @Nullable String proof,
    @Nullable Boolean readsReceipt) {

  /** One whose sender checks the receipt. */
  public DecisionMessage(
      @Nullable String request,
      @Nullable String by,
      @Nullable String comment,
      @Nullable String id,
      @Nullable String proof) {
    this(request, by, comment, id, proof, true);
  }

  /** Whether the comment is longer than what is kept of it. */
  public boolean saysTooMuch() {
    return comment != null && !Bounded.fits(comment, Bounded.COMMENT);
  }

  /** The same with what is kept of the comment, for a message that has to wait. */
  public DecisionMessage bounded() {
    return comment == null
        ? this
        : new DecisionMessage(
            request, by, Bounded.lines(comment, Bounded.COMMENT), id, proof, readsReceipt);
  }
}
