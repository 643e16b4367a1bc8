package dev.portage.page;

import dev.portage.approval.Decision;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.Request;
import dev.portage.promotion.PromotionView;
import dev.portage.text.Bounded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a view says about its open request. */
public final class Requests {

  /** People that one line names. */
  private static final int NAMES = 10;

  private Requests() {}

  /** The open request, if there is one. */
  public static Optional<Request> open(PromotionView view) {
    return view.requests().stream()
        .filter(request -> request.name().equals(view.request()))
        .findFirst();
  }

  /** Groups whose approval is still missing. */
  static List<String> missing(PromotionView view, Request request) {
    List<String> missing = new ArrayList<>(request.groups());
    for (Decision decision : view.decisions()) {
      if (decision.request().equals(request.name()) && decision.verdict() == Verdict.APPROVE) {
        missing.remove(decision.group());
      }
    }
    return missing;
  }

  /** People who may not approve it, since they had a hand in it. */
  static String barred(PromotionView view) {
    return Bounded.listed(view.barred(), ", ", NAMES);
  }

  /** The line to paste. */
  static String command(String verb, PromotionView view, Request request) {
    return "portage " + verb + " " + view.id() + " --request " + request.name();
  }
}
