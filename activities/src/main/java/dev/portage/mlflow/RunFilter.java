package dev.portage.mlflow;

/**
 * Which runs a search should find.
 *
 * @param key a tag
 * @param value what it holds
 * @param topLevel whether runs that are nested in another are left out, by the server itself
 */
record RunFilter(String key, String value, boolean topLevel) {
  /** Tag of a nested run. */
  static final String PARENT = "mlflow.parentRunId";

  /** As MLflow's search takes it. */
  String text() {
    return "tags.`"
        + key
        + "` = "
        + Json.quoted(value)
        + (topLevel ? " AND tags.`" + PARENT + "` IS NULL" : "");
  }

  /** Whether a run is one of those. */
  boolean letsPass(Run run) {
    return value.equals(run.tags().get(key)) && !(topLevel && isNested(run));
  }

  /** What is tried by it, for messages. */
  String tried() {
    return "search runs by tag " + key;
  }

  /** Whether a run is nested in another. */
  static boolean isNested(Run run) {
    return run.tags().containsKey(PARENT);
  }
}
