package dev.portage.registry;

/** How a registry marks the live version: with aliases, or with the older stages. */
public enum Marking {
  ALIASES("challenger", "champion"),
  STAGES("Staging", "Production");

  private final String candidate;
  private final String live;

  Marking(String candidate, String live) {
    this.candidate = candidate;
    this.live = live;
  }

  /** Alias or stage of a version on its way. */
  public String candidate() {
    return candidate;
  }

  /** Alias or stage of the champion. */
  public String live() {
    return live;
  }
}
