package dev.portage.delta;

import dev.portage.settings.Limits;

/** Parts of a whole, as people read them. */
final class Shares {

  private Shares() {}

  /** A share in percent, with at most two decimals: {@code 12.5 %}. */
  static String text(double share) {
    return Limits.text(Math.round(share * 10_000) / 100.0) + " %";
  }
}
