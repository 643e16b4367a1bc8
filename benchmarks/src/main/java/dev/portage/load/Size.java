package dev.portage.load;

/** How much of it; what that is, each scenario says itself. */
enum Size {
  /** To see that it works. */
  TINY,
  /** A tenth: for a busy machine, and to find out where time goes. */
  SMALL,
  /** What docs/benchmarks.md tells. */
  FULL;

  /** The one of three that belongs to this size. */
  <T> T of(T tiny, T small, T full) {
    return switch (this) {
      case TINY -> tiny;
      case SMALL -> small;
      case FULL -> full;
    };
  }
}
