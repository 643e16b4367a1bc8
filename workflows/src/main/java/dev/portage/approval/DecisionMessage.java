package dev.portage.approval;

import dev.portage.text.Bounded;
import org.jspecify.annotations.Nullable;

/**
 * What a person sends as Update or signal {@code approve}, {@code reject} or {@code resume}. Every
 * field may be missing: what cannot be matched is refused in so many words, not dropped.
 *
 * @param request the request it answers, as "prod-1"
 * @param by who decides
 * @param comment why, for the record
 * @param id id of the decision; the same id counts once, whichever way it comes
 * @param proof signature, where the identity mode asks for one
 * @param readsReceipt whether the sender looks into the receipt of an Update for a refusal; null
 *     from commands of earlier releases and by hand, which are told by an Update that fails
 */
public record DecisionMessage(
    @Nullable String request,
    @Nullable String by,
    @Nullable String comment,
    @Nullable String id,
    @Nullable String proof,
    @Nullable Boolean readsReceipt) {

  /** One whose sender looks into the receipt. */
  public DecisionMessage(
      @Nullable String request,
      @Nullable String by,
      @Nullable String comment,
      @Nullable String id,
      @Nullable String proof) {
    this(request, by, comment, id, proof, true);
  }

  /** Whether more is said than is kept of a comment. */
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
