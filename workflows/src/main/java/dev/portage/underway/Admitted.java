package dev.portage.underway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a promotion goes on.
 *
 * @param outcome whether it does
 * @param by workflow id of the promotion that is in its way; null where it goes on
 * @param why for people; null where it goes on
 * @param unknown promotions under way whose candidates can't be told older or newer, so that each
 *     goes on and the last turn counts; workflow ids with their candidates, for people
 */
public record Admitted(
    Outcome outcome, @Nullable String by, @Nullable String why, List<String> unknown) {

  public Admitted {
    unknown = List.copyOf(unknown);
  }

  /** Whether it goes on. */
  public enum Outcome {
    GOES_ON,
    /** A newer candidate is under way. */
    SUPERSEDED,
    /** Another promotion is under way, and the policy allows no other. */
    REFUSED
  }

  static Admitted goesOn(List<String> unknown) {
    return new Admitted(Outcome.GOES_ON, null, null, unknown);
  }

  static Admitted not(Outcome outcome, String by, String why) {
    return new Admitted(outcome, by, why, List.of());
  }
}
