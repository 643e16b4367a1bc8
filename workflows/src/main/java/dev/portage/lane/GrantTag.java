package dev.portage.lane;

import java.util.List;
import java.util.Optional;

/**
 * The newest grant as a tag of the registered model, in one value, so that number and holder can't
 * get out of step: {@code 7 prod-1 RUN-ID promotion/churn/0123456789ab}.
 */
public final class GrantTag {

  /** Key of the tag. */
  public static final String KEY = "portage_turn";

  private static final String NO_RUN = "-";

  private GrantTag() {}

  /** Value of the tag. */
  public static String write(Grant grant) {
    TurnRequest request = grant.request();
    return String.join(
        " ",
        String.valueOf(grant.number()),
        request.turn(),
        request.run() == null ? NO_RUN : request.run(),
        request.holder());
  }

  /**
   * The grant in a value; empty if the value is not one of ours.
   *
   * @param model the workspace's and the model's names are taken from here
   */
  public static Optional<Grant> read(String value, TurnRequest model) {
    List<String> parts = List.of(value.split(" ", 4));
    if (parts.size() < 4 || !parts.getFirst().matches("[0-9]{1,18}")) {
      return Optional.empty();
    }
    return Optional.of(
        new Grant(
            new TurnRequest(
                model.workspace(),
                model.model(),
                parts.get(3),
                parts.get(1),
                parts.get(2).equals(NO_RUN) ? null : parts.get(2)),
            Long.valueOf(parts.getFirst())));
  }
}
