package dev.portage.mlflow;

import java.util.List;

/**
 * Which runs a search should find.
 *
 * @param key a tag
 * @param value what it holds
 * @param topLevel whether runs that are nested in another are left out, by the server itself
 * @param also what else holds of them
 */
record RunFilter(String key, String value, boolean topLevel, List<Also> also) {
  /** Tag of a nested run. */
  static final String PARENT = "mlflow.parentRunId";

  RunFilter {
    also = List.copyOf(also);
  }

  /** Those with that tag. */
  RunFilter(String key, String value, boolean topLevel) {
    this(key, value, topLevel, List.of());
  }

  /**
   * Another tag, which every run that is meant has.
   *
   * @param equal whether it holds that value; otherwise it holds another
   */
  record Also(String key, String value, boolean equal) {

    private String text() {
      return condition(key, equal ? "=" : "!=", value);
    }

    private boolean letsPass(Run run) {
      String found = run.tags().get(key);
      return found != null && found.equals(value) == equal;
    }
  }

  /** As MLflow's search takes it. */
  String text() {
    StringBuilder text = new StringBuilder(condition(key, "=", value));
    also.forEach(one -> text.append(" AND ").append(one.text()));
    if (topLevel) {
      text.append(" AND tags.`").append(PARENT).append("` IS NULL");
    }
    return text.toString();
  }

  private static String condition(String key, String comparison, String value) {
    return "tags.`" + key + "` " + comparison + " " + Json.quoted(value);
  }

  /** Whether a run is one of those. */
  boolean letsPass(Run run) {
    return value.equals(run.tags().get(key))
        && also.stream().allMatch(one -> one.letsPass(run))
        && !(topLevel && isNested(run));
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
