package dev.portage.load;

/** How large a measurement is; each scenario defines what that means. */
enum Size {
  /** To see that it works. */
  TINY,
  /** A tenth: for a busy machine, and to find out where time goes. */
  SMALL,
  /** What docs/benchmarks.md reports. */
  FULL;

  /** The value of the three for this size. */
  <T> T of(T tiny, T small, T full) {
    return switch (this) {
      case TINY -> tiny;
      case SMALL -> small;
      case FULL -> full;
    };
  }
}
