package dev.portage.shortid;

import dev.portage.watch.PromotionList;
import java.util.List;

/** A short id fits several promotions, or a shorter name none in particular. */
public final class AmbiguousIdException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String typed;
  private final transient List<PromotionList.Entry> found;

  AmbiguousIdException(String typed, List<PromotionList.Entry> found) {
    super("\"" + typed + "\" fits " + found.size() + " promotions; write more of the id");
    this.typed = typed;
    this.found = List.copyOf(found);
  }

  /** What was typed. */
  public String typed() {
    return typed;
  }

  /** The promotions that it fits, newest first. */
  public List<PromotionList.Entry> found() {
    return found;
  }
}
