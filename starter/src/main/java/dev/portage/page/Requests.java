package dev.portage.page;

import dev.portage.approval.Request;
import dev.portage.promotion.PromotionView;
import java.util.Optional;

/** What a view says about its open request. */
public final class Requests {

  private Requests() {}

  /** The open request, if there is one. */
  public static Optional<Request> open(PromotionView view) {
    return view.requests().stream()
        .filter(request -> request.name().equals(view.request()))
        .findFirst();
  }
}
