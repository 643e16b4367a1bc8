package dev.portage.load;

/** A part of the world whose CPU time and memory are reported separately. */
enum Part {
  /** The Temporal server. */
  TEMPORAL("Temporal"),
  /** Portage's workers, one a workspace. */
  WORKERS("workers"),
  /** The workers of the bare workflows. */
  BARE("bare workers"),
  /** Both MLflow servers. */
  MLFLOW("MLflow"),
  /** What sends and watches, and the local workspaces before the MLflow servers. */
  DRIVER("driver and workspaces");

  private final String shown;

  Part(String shown) {
    this.shown = shown;
  }

  /** As tables name it. */
  String shown() {
    return shown;
  }
}
