package dev.portage.localworkspace.jobs;

/** Why a run ended, in the words of the newer {@code status.termination_details}. */
public enum TerminationCode {
  /** All went well. */
  SUCCESS("SUCCESS"),
  /** A task failed, the last ones went well. */
  SUCCESS_WITH_FAILURES("SUCCESS"),
  /** A person stopped it. */
  USER_CANCELED("CLIENT_ERROR"),
  /** The platform stopped it, as when it took too long. */
  CANCELED("CLIENT_ERROR"),
  /** It never started. */
  SKIPPED("CLIENT_ERROR"),
  /** Its own code failed. */
  RUN_EXECUTION_ERROR("CLIENT_ERROR"),
  /** Something it names is not there. */
  RESOURCE_NOT_FOUND("CLIENT_ERROR"),
  /** Its cluster could not be started. */
  CLUSTER_ERROR("CLIENT_ERROR"),
  /** Its code could not be fetched. */
  REPOSITORY_CHECKOUT_FAILED("CLIENT_ERROR"),
  /** Too many runs of the job. */
  MAX_CONCURRENT_RUNS_EXCEEDED("CLIENT_ERROR"),
  /** The machine it ran on went away. */
  DRIVER_ERROR("CLOUD_FAILURE"),
  /** The platform failed. */
  INTERNAL_ERROR("INTERNAL_ERROR");

  private final String type;

  TerminationCode(String type) {
    this.type = type;
  }

  /** Whose fault it is: {@code termination_details.type}. */
  String type() {
    return type;
  }
}
